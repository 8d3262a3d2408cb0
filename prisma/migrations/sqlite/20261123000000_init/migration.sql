-- CreateTable
CREATE TABLE "Person" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "channel" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "phoneIndex" TEXT,
    "createdAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Conversation" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "ownerId" TEXT,
    "queuedAt" BIGINT,
    "queueReason" TEXT,
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "seq" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "sealed" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "lastAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Message" (
    "conversationId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "author" TEXT NOT NULL,
    "staffId" TEXT,
    "channel" TEXT NOT NULL,
    "externalId" TEXT,
    "answers" INTEGER,
    "at" BIGINT NOT NULL,
    "sealed" TEXT NOT NULL,

    PRIMARY KEY ("conversationId", "seq")
);

-- CreateTable
CREATE TABLE "Ticket" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "number" TEXT NOT NULL,
    "codeIndex" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "level" INTEGER NOT NULL,
    "leadId" TEXT,
    "supporting" TEXT NOT NULL,
    "category" TEXT,
    "cause" TEXT,
    "demand" TEXT NOT NULL,
    "urgent" BOOLEAN NOT NULL,
    "confidential" BOOLEAN NOT NULL,
    "paused" BOOLEAN NOT NULL,
    "channel" TEXT NOT NULL,
    "personId" TEXT,
    "conversationId" TEXT,
    "phoneIndex" TEXT,
    "matter" TEXT NOT NULL,
    "searchText" TEXT NOT NULL,
    "registeredAt" BIGINT NOT NULL,
    "dueAt" BIGINT,
    "dueKind" TEXT,
    "updatedAt" BIGINT NOT NULL,
    "version" INTEGER NOT NULL,
    "headHash" TEXT NOT NULL,
    "sealed" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Journal" (
    "ticketId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "byKind" TEXT NOT NULL,
    "byId" TEXT,
    "type" TEXT NOT NULL,
    "prevHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,

    PRIMARY KEY ("ticketId", "seq")
);

-- CreateTable
CREATE TABLE "Job" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "kind" TEXT NOT NULL,
    "uniqueKey" TEXT NOT NULL,
    "orderKey" TEXT NOT NULL,
    "runAt" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "leasedUntil" BIGINT NOT NULL,
    "payload" TEXT NOT NULL,
    "lastError" TEXT,
    "createdAt" BIGINT NOT NULL,
    "doneAt" BIGINT
);

-- CreateTable
CREATE TABLE "Notice" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "uniqueKey" TEXT NOT NULL,
    "unit" TEXT,
    "role" TEXT,
    "ticketId" TEXT,
    "text" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "doneAt" BIGINT,
    "doneBy" TEXT
);

-- CreateTable
CREATE TABLE "CommandLog" (
    "commandId" TEXT NOT NULL PRIMARY KEY,
    "staffId" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "at" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Serial" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "next" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "Staff" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "account" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "mustChange" BOOLEAN NOT NULL,
    "roles" TEXT NOT NULL,
    "unit" TEXT,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "lockedUntil" BIGINT NOT NULL DEFAULT 0,
    "disabledAt" BIGINT,
    "createdAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "StaffSession" (
    "tokenHash" TEXT NOT NULL PRIMARY KEY,
    "staffId" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "seenAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Department" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "aliases" TEXT NOT NULL,
    "duties" TEXT NOT NULL,
    "place" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "Guide" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "title" TEXT NOT NULL,
    "field" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "endsOn" TEXT,
    "updatedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Setting" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "CalendarYear" (
    "year" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "notice" TEXT NOT NULL,
    "noticeOn" TEXT NOT NULL,
    "days" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Missed" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "conversationId" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "guides" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "state" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Audit" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" BIGINT NOT NULL,
    "staffId" TEXT,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL
);

-- CreateIndex
CREATE INDEX "Person_phoneIndex_idx" ON "Person"("phoneIndex");

-- CreateIndex
CREATE UNIQUE INDEX "Person_channel_externalId_key" ON "Person"("channel", "externalId");

-- CreateIndex
CREATE UNIQUE INDEX "Conversation_personId_key" ON "Conversation"("personId");

-- CreateIndex
CREATE INDEX "Conversation_ownerId_lastAt_idx" ON "Conversation"("ownerId", "lastAt");

-- CreateIndex
CREATE INDEX "Conversation_queuedAt_idx" ON "Conversation"("queuedAt");

-- CreateIndex
CREATE INDEX "Conversation_lastAt_idx" ON "Conversation"("lastAt");

-- CreateIndex
CREATE UNIQUE INDEX "Message_channel_externalId_key" ON "Message"("channel", "externalId");

-- CreateIndex
CREATE UNIQUE INDEX "Ticket_number_key" ON "Ticket"("number");

-- CreateIndex
CREATE INDEX "Ticket_stage_dueAt_idx" ON "Ticket"("stage", "dueAt");

-- CreateIndex
CREATE INDEX "Ticket_leadId_stage_dueAt_idx" ON "Ticket"("leadId", "stage", "dueAt");

-- CreateIndex
CREATE INDEX "Ticket_registeredAt_idx" ON "Ticket"("registeredAt");

-- CreateIndex
CREATE INDEX "Ticket_phoneIndex_idx" ON "Ticket"("phoneIndex");

-- CreateIndex
CREATE INDEX "Ticket_conversationId_idx" ON "Ticket"("conversationId");

-- CreateIndex
CREATE INDEX "Ticket_personId_idx" ON "Ticket"("personId");

-- CreateIndex
CREATE INDEX "Journal_at_idx" ON "Journal"("at");

-- CreateIndex
CREATE UNIQUE INDEX "Job_uniqueKey_key" ON "Job"("uniqueKey");

-- CreateIndex
CREATE INDEX "Job_state_runAt_id_idx" ON "Job"("state", "runAt", "id");

-- CreateIndex
CREATE INDEX "Job_orderKey_state_id_idx" ON "Job"("orderKey", "state", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Notice_uniqueKey_key" ON "Notice"("uniqueKey");

-- CreateIndex
CREATE INDEX "Notice_unit_doneAt_idx" ON "Notice"("unit", "doneAt");

-- CreateIndex
CREATE INDEX "Notice_role_doneAt_idx" ON "Notice"("role", "doneAt");

-- CreateIndex
CREATE UNIQUE INDEX "Staff_account_key" ON "Staff"("account");

-- CreateIndex
CREATE INDEX "StaffSession_staffId_idx" ON "StaffSession"("staffId");

-- CreateIndex
CREATE INDEX "Missed_state_at_idx" ON "Missed"("state", "at");

-- CreateIndex
CREATE INDEX "Audit_at_idx" ON "Audit"("at");


