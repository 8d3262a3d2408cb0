-- The trail is a keyed chain; what there was at an hour is sealed.
ALTER TABLE "Audit" ADD COLUMN "mac" TEXT NOT NULL DEFAULT '';
CREATE TABLE "Seal" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "at" BIGINT NOT NULL,
    "digest" TEXT NOT NULL,
    "sealed" TEXT NOT NULL
);
