-- DropTable
DROP TABLE "PhoneProof";

-- CreateTable
CREATE TABLE "ProofTries" (
    "personId" TEXT NOT NULL PRIMARY KEY,
    "tries" INTEGER NOT NULL,
    "until" BIGINT NOT NULL
);
