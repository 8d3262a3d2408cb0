-- CreateTable
CREATE TABLE "ResumeCode" (
    "personId" TEXT NOT NULL PRIMARY KEY,
    "codeIndex" TEXT NOT NULL,
    "until" BIGINT NOT NULL,
    "sealed" TEXT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "ResumeCode_codeIndex_key" ON "ResumeCode"("codeIndex");
