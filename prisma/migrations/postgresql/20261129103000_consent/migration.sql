-- Whether a person wants to be told by a prepared form; messages of which nothing is heard are looked for by the clock.
-- CreateTable
CREATE TABLE "Consent" (
    "personId" TEXT NOT NULL,
    "form" TEXT NOT NULL,
    "given" BOOLEAN NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "Consent_pkey" PRIMARY KEY ("personId", "form")
);

-- CreateIndex
CREATE INDEX "Dispatch_state_at_idx" ON "Dispatch"("state", "at");
