import { readFileSync, watchFile } from 'node:fs'

// The system's clock in this process is ahead by the milliseconds in the file named by CLOCK_FILE.

const file = process.env['CLOCK_FILE'] ?? ''
const real = Date.now
let ahead = 0

function read(): void {
  ahead = Number(readFileSync(file, 'utf8'))
}

read()
watchFile(file, { interval: 50, persistent: false }, read)
Date.now = () => real() + ahead
