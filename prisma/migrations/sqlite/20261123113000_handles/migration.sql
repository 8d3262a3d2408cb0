-- AlterTable
ALTER TABLE "Notice" ADD COLUMN "push" TEXT;

-- CreateIndex
CREATE INDEX "Notice_push_idx" ON "Notice"("push");

-- CreateTable
CREATE TABLE "StaffHandle" (
    "staffId" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("staffId", "platform")
);

-- CreateIndex
CREATE UNIQUE INDEX "StaffHandle_platform_externalId_key" ON "StaffHandle"("platform", "externalId");

-- CreateTable
CREATE TABLE "HandleCode" (
    "staffId" TEXT NOT NULL PRIMARY KEY,
    "codeIndex" TEXT NOT NULL,
    "until" BIGINT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "HandleCode_codeIndex_key" ON "HandleCode"("codeIndex");
