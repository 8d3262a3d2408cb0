-- CreateTable
CREATE TABLE "Quota" (
    "personId" TEXT NOT NULL,
    "left" INTEGER NOT NULL,
    "until" BIGINT NOT NULL,
    "taps" INTEGER NOT NULL,
    "tapsUntil" BIGINT NOT NULL,

    CONSTRAINT "Quota_pkey" PRIMARY KEY ("personId")
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

    CONSTRAINT "Dispatch_pkey" PRIMARY KEY ("channel", "externalId")
);

-- CreateTable
CREATE TABLE "Cursor" (
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "Cursor_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "PlatformToken" (
    "name" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "staleAt" BIGINT NOT NULL,
    "leasedUntil" BIGINT NOT NULL,

    CONSTRAINT "PlatformToken_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "Preference" (
    "phoneIndex" TEXT NOT NULL,
    "channel" TEXT,
    "stoppedAt" BIGINT,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "Preference_pkey" PRIMARY KEY ("phoneIndex")
);

-- CreateTable
CREATE TABLE "PhoneProof" (
    "personId" TEXT NOT NULL,
    "phoneIndex" TEXT NOT NULL,
    "codeIndex" TEXT NOT NULL,
    "tries" INTEGER NOT NULL,
    "sends" INTEGER NOT NULL,
    "sentAt" BIGINT NOT NULL,
    "until" BIGINT NOT NULL,

    CONSTRAINT "PhoneProof_pkey" PRIMARY KEY ("personId")
);

-- CreateIndex
CREATE INDEX "Dispatch_jobId_idx" ON "Dispatch"("jobId");
