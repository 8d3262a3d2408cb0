-- Urgent cases that are open come first in lists.
UPDATE "TicketUnit" SET "sortAt" = "sortAt" - 8640000000000000 WHERE "ticketId" IN (
    SELECT id FROM "Ticket" WHERE urgent AND stage NOT IN ('archived', 'declined', 'transferred', 'merged', 'withdrawn')
);
UPDATE "Ticket" SET "sortAt" = "sortAt" - 8640000000000000 WHERE urgent AND stage NOT IN ('archived', 'declined', 'transferred', 'merged', 'withdrawn');
