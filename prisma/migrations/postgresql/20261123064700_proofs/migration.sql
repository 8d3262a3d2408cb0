-- DropTable
DROP TABLE "PhoneProof";

-- CreateTable
CREATE TABLE "ProofTries" (
    "personId" TEXT NOT NULL,
    "tries" INTEGER NOT NULL,
    "until" BIGINT NOT NULL,

    CONSTRAINT "ProofTries_pkey" PRIMARY KEY ("personId")
);
