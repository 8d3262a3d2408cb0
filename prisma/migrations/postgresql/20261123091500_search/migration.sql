-- CreateTable
CREATE TABLE "TicketUnit" (
    "unit" TEXT NOT NULL,
    "ticketId" TEXT NOT NULL,
    "sortAt" BIGINT NOT NULL,

    CONSTRAINT "TicketUnit_pkey" PRIMARY KEY ("unit","ticketId")
);

-- CreateTable
CREATE TABLE "TicketText" (
    "id" SERIAL NOT NULL,
    "ticketId" TEXT NOT NULL,
    "grams" TEXT NOT NULL,

    CONSTRAINT "TicketText_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "TicketUnit_unit_sortAt_ticketId_idx" ON "TicketUnit"("unit", "sortAt", "ticketId");

-- CreateIndex
CREATE INDEX "TicketUnit_ticketId_idx" ON "TicketUnit"("ticketId");

-- CreateIndex
CREATE UNIQUE INDEX "TicketText_ticketId_key" ON "TicketText"("ticketId");

-- The cases that there are, under the unit that leads and those that support.
INSERT INTO "TicketUnit" ("unit", "ticketId", "sortAt")
SELECT "leadId", "id", "sortAt" FROM "Ticket" WHERE "leadId" IS NOT NULL
UNION
SELECT d."id", t."id", t."sortAt" FROM "Ticket" t JOIN "Department" d ON ' ' || t."supporting" || ' ' LIKE '% ' || d."id" || ' %' WHERE t."supporting" <> '';

-- Where the program has to go on with the texts of the cases that there are: it fills them at its next start (prisma/search.ts).
INSERT INTO "Cursor" ("name", "value", "at") SELECT 'TicketText', '', 0 WHERE EXISTS (SELECT 1 FROM "Ticket");

-- The index of the pairs: needs no extension, and so no superuser. Prisma does not know it: a generated migration that drops it must not.
-- Every search reads what waits to be put into the tree: with the usual 4 MB of it that alone took 3 ms.
CREATE INDEX "TicketText_grams_idx" ON "TicketText" USING GIN (string_to_array("grams", ' ')) WITH (gin_pending_list_limit = 256);
