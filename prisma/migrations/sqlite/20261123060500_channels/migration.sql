-- CreateTable
CREATE TABLE "Quota" (
    "personId" TEXT NOT NULL PRIMARY KEY,
    "left" INTEGER NOT NULL,
    "until" BIGINT NOT NULL,
    "taps" INTEGER NOT NULL,
    "tapsUntil" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Dispatch" (
    "channel" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "jobId" INTEGER NOT NULL,
    "rung" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("channel", "externalId")
);

-- CreateTable
CREATE TABLE "Cursor" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL,
    "at" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "PlatformToken" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "sealed" TEXT NOT NULL,
    "staleAt" BIGINT NOT NULL,
    "leasedUntil" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Preference" (
    "phoneIndex" TEXT NOT NULL PRIMARY KEY,
    "channel" TEXT,
    "stoppedAt" BIGINT,
    "updatedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "PhoneProof" (
    "personId" TEXT NOT NULL PRIMARY KEY,
    "phoneIndex" TEXT NOT NULL,
    "codeIndex" TEXT NOT NULL,
    "tries" INTEGER NOT NULL,
    "sends" INTEGER NOT NULL,
    "sentAt" BIGINT NOT NULL,
    "until" BIGINT NOT NULL
);

-- CreateIndex
CREATE INDEX "Dispatch_jobId_idx" ON "Dispatch"("jobId");
