/** 16 bytes, and the last of them. No greeting ends with this byte. */
export const MESSAGE = Buffer.from('sixteen bytes: !')
export const END = 0x21
