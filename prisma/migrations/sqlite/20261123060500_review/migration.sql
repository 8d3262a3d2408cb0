-- CreateTable
CREATE TABLE "Improvement" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "dueOn" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Document" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "effectiveOn" TEXT,
    "draft" BOOLEAN NOT NULL,
    "public" BOOLEAN NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT NOT NULL,

    PRIMARY KEY ("id", "version")
);

-- CreateTable
CREATE TABLE "OutsideLink" (
    "tokenHash" TEXT NOT NULL PRIMARY KEY,
    "ticketId" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "openedAt" BIGINT,
    "answeredAt" BIGINT,
    "revokedAt" BIGINT
);

-- CreateIndex
CREATE INDEX "Improvement_state_dueOn_idx" ON "Improvement"("state", "dueOn");

-- CreateIndex
CREATE INDEX "OutsideLink_ticketId_idx" ON "OutsideLink"("ticketId");
