-- CreateTable
CREATE TABLE "Attachment" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT,
    "conversationId" TEXT,
    "ticketId" TEXT,
    "state" TEXT NOT NULL,
    "media" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "sealed" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "checkedAt" BIGINT
);

-- CreateIndex
CREATE INDEX "Attachment_conversationId_idx" ON "Attachment"("conversationId");

-- CreateIndex
CREATE INDEX "Attachment_ticketId_idx" ON "Attachment"("ticketId");

-- CreateIndex
CREATE INDEX "Attachment_personId_createdAt_idx" ON "Attachment"("personId", "createdAt");
