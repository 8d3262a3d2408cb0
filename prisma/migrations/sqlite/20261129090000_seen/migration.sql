-- What each side of a conversation has had on its screen.
ALTER TABLE "Conversation" ADD COLUMN "seenByStaff" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "Conversation" ADD COLUMN "seenByCitizen" INTEGER NOT NULL DEFAULT 0;
