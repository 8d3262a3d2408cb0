import { z } from 'zod'
import { readSeed } from './files.ts'

const text = z.string().trim().min(1)
const documents = z.array(z.strictObject({ id: text, kind: z.enum(['plan', 'rule', 'flow']), title: text, content: text }))
export type SeedDocument = z.output<typeof documents>[number]

/** 1 方案, 5 制度, 1 流程 as drafts for the office to adopt. @throws Error naming every fault */
export const loadSeedDocuments = (): readonly SeedDocument[] => readSeed('documents.yaml', documents)
