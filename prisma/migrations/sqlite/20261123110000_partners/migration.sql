-- Cases that come from other systems, by the number that they have there, and the signed requests that were taken.
-- CreateTable
CREATE TABLE "PartnerTicket" (
    "partner" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "ticketId" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("partner", "externalId")
);

-- CreateTable
CREATE TABLE "PartnerNonce" (
    "partner" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("partner", "nonce")
);

-- CreateIndex
CREATE INDEX "PartnerTicket_ticketId_idx" ON "PartnerTicket"("ticketId");

-- CreateIndex
CREATE INDEX "PartnerNonce_at_idx" ON "PartnerNonce"("at");
