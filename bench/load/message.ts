/** 16 bytes, and the last of them, with which no greeting ends. */
export const MESSAGE = Buffer.from('sixteen bytes: !')
export const END = 0x21
