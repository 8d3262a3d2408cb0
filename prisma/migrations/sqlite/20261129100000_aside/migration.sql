-- What a platform pushed and what could not be dealt with in its time.
-- CreateTable
CREATE TABLE "Aside" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "sealed" TEXT NOT NULL
);
