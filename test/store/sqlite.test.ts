import { storeConformance } from './conformance.js'
import { fileEngine, memoryEngine } from './engines.js'

storeConformance('SQLite in memory', memoryEngine)
storeConformance('SQLite in a file', fileEngine)
