-- CreateTable
CREATE TABLE "GuideVersion" (
    "guideId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "department" TEXT NOT NULL,
    "reviewedOn" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "startsOn" TEXT,
    "endsOn" TEXT,
    "by" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "decidedBy" TEXT,
    "decidedAt" BIGINT,
    "decision" TEXT,

    PRIMARY KEY ("guideId", "version")
);

-- What was served until now is each guide's first version.
INSERT INTO "GuideVersion"
SELECT "id", "version", 1, 'approved', "title", "field", json_extract("content", '$.department'), json_extract("content", '$.reviewedOn'), "content",
    date("updatedAt" / 1000, 'unixepoch', '+8 hours'), "endsOn", 'seed', '', "updatedAt", 'seed', "updatedAt", NULL
FROM "Guide";

-- DropTable
DROP TABLE "Guide";

-- AlterTable
ALTER TABLE "Missed" ADD COLUMN "ownerId" TEXT;
ALTER TABLE "Missed" ADD COLUMN "guideId" TEXT;
ALTER TABLE "Missed" ADD COLUMN "reason" TEXT;
ALTER TABLE "Missed" ADD COLUMN "doneBy" TEXT;
ALTER TABLE "Missed" ADD COLUMN "doneAt" BIGINT;

-- CreateIndex
CREATE INDEX "GuideVersion_state_idx" ON "GuideVersion"("state");
