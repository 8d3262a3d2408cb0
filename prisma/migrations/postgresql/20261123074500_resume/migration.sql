-- CreateTable
CREATE TABLE "ResumeCode" (
    "personId" TEXT NOT NULL,
    "codeIndex" TEXT NOT NULL,
    "until" BIGINT NOT NULL,
    "sealed" TEXT NOT NULL,

    CONSTRAINT "ResumeCode_pkey" PRIMARY KEY ("personId")
);

-- CreateIndex
CREATE UNIQUE INDEX "ResumeCode_codeIndex_key" ON "ResumeCode"("codeIndex");
