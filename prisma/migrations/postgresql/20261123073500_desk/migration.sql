-- What the desk does around a conversation: notes of its own, handing on, who is looking; and notices to one person.
ALTER TABLE "Notice" ADD COLUMN "staffId" TEXT;
ALTER TABLE "Notice" ADD COLUMN "conversationId" TEXT;

-- CreateTable
CREATE TABLE "Note" (
    "id" TEXT NOT NULL,
    "conversationId" TEXT,
    "ticketId" TEXT,
    "staffId" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "sealed" TEXT NOT NULL,

    CONSTRAINT "Note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Handover" (
    "id" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "fromId" TEXT NOT NULL,
    "toId" TEXT,
    "toRole" TEXT,
    "sealed" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "decidedBy" TEXT,
    "decidedAt" BIGINT,

    CONSTRAINT "Handover_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Presence" (
    "windowId" TEXT NOT NULL,
    "staffId" TEXT,
    "conversationId" TEXT NOT NULL,
    "typing" BOOLEAN NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "Presence_pkey" PRIMARY KEY ("windowId")
);

-- CreateIndex
CREATE INDEX "Notice_staffId_doneAt_idx" ON "Notice"("staffId", "doneAt");

-- CreateIndex
CREATE INDEX "Note_conversationId_at_idx" ON "Note"("conversationId", "at");

-- CreateIndex
CREATE INDEX "Note_ticketId_at_idx" ON "Note"("ticketId", "at");

-- CreateIndex
CREATE INDEX "Handover_conversationId_state_idx" ON "Handover"("conversationId", "state");

-- CreateIndex
CREATE INDEX "Presence_conversationId_at_idx" ON "Presence"("conversationId", "at");

-- CreateIndex
CREATE INDEX "Presence_at_idx" ON "Presence"("at");
