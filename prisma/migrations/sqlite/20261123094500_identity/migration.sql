-- Since when a case is at an end: the days that its people stay named count from there.
ALTER TABLE "Ticket" ADD COLUMN "endedAt" BIGINT;

UPDATE "Ticket" SET "endedAt" = "updatedAt" WHERE stage IN ('archived', 'declined', 'transferred', 'merged', 'withdrawn');

-- CreateIndex
CREATE INDEX "Ticket_endedAt_id_idx" ON "Ticket"("endedAt", "id");
