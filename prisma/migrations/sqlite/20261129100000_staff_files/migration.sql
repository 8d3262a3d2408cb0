-- Who of the office added a file; null for what citizens sent.
ALTER TABLE "Attachment" ADD COLUMN "staffId" TEXT;
