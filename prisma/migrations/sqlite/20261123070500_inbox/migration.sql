-- The inbox goes by this column: due date, and a far future for cases without one. One index order that both engines have.
ALTER TABLE "Ticket" ADD COLUMN "sortAt" BIGINT NOT NULL DEFAULT 8640000000000000;

UPDATE "Ticket" SET "sortAt" = "dueAt" WHERE "dueAt" IS NOT NULL;

-- CreateIndex
CREATE INDEX "Ticket_sortAt_id_idx" ON "Ticket"("sortAt", "id");

-- CreateIndex
CREATE INDEX "Ticket_leadId_sortAt_id_idx" ON "Ticket"("leadId", "sortAt", "id");

-- CreateIndex
CREATE INDEX "Ticket_stage_sortAt_id_idx" ON "Ticket"("stage", "sortAt", "id");
