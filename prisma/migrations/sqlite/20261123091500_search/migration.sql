-- CreateTable
CREATE TABLE "TicketUnit" (
    "unit" TEXT NOT NULL,
    "ticketId" TEXT NOT NULL,
    "sortAt" BIGINT NOT NULL,

    PRIMARY KEY ("unit", "ticketId")
);

-- CreateTable
CREATE TABLE "TicketText" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "ticketId" TEXT NOT NULL,
    "grams" TEXT NOT NULL
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

-- The index of the pairs, kept by the engine itself in the transaction of the row. Prisma does not know it: a generated migration that drops it must not.
CREATE VIRTUAL TABLE "TicketGram" USING fts5(grams, content='TicketText', content_rowid='id', tokenize='ascii');

CREATE TRIGGER "TicketText_inserted" AFTER INSERT ON "TicketText" BEGIN
  INSERT INTO "TicketGram" (rowid, grams) VALUES (new.id, new.grams);
END;

CREATE TRIGGER "TicketText_deleted" AFTER DELETE ON "TicketText" BEGIN
  INSERT INTO "TicketGram" ("TicketGram", rowid, grams) VALUES ('delete', old.id, old.grams);
END;

CREATE TRIGGER "TicketText_updated" AFTER UPDATE ON "TicketText" BEGIN
  INSERT INTO "TicketGram" ("TicketGram", rowid, grams) VALUES ('delete', old.id, old.grams);
  INSERT INTO "TicketGram" (rowid, grams) VALUES (new.id, new.grams);
END;
