-- 文号 of 督办单, 催办 and 通报, so that none is given twice.
-- CreateTable
CREATE TABLE "OrderNumber" (
    "number" TEXT NOT NULL PRIMARY KEY,
    "ticketId" TEXT NOT NULL,
    "at" BIGINT NOT NULL
);
