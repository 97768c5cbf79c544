import type { Translation } from '../fallback.ts'
import type { kernelMessages as en } from '../en/kernel.ts'
import { plural } from './plural.ts'

/** Texts of the comparison of server and kernel. */
export const kernelMessages: Translation<typeof en> = {
  line: (count, both, total, open) =>
    `Данные сервера и ядра совпадают: ${both} из ${total} ${
      open
        ? plural(count, { one: 'открытого сокета', few: 'открытых сокетов', many: 'открытых сокетов' })
        : plural(count, { one: 'сокета', few: 'сокетов', many: 'сокетов' })
    }`,
  timeWait: (formatted) => `${formatted} в TIME_WAIT`,
  differ: (count, formatted) =>
    `${formatted} ${plural(count, { one: 'отличается', few: 'отличаются', many: 'отличаются' })}`,
  old: 'на момент последнего опроса',
  open: 'Сравнить данные сервера и ядра',
  heading: 'Сервер и ядро',
  intro: 'Соединения, принятые сервером, сопоставлены с таблицей сокетов ядра.',
  both: 'На сервере и в ядре',
  onlyKernel: 'Только в ядре',
  onlyServer: 'Только на сервере',
  inTimeWait: 'В TIME_WAIT',
  closesMissed: 'Сколько раз пропущены закрытия',
  nothing: 'Данные совпадают: каждому соединению сервера соответствует сокет в ядре, и наоборот.',
  nothingOpen:
    'Данные совпадают: каждому открытому соединению сервера соответствует открытый сокет в ядре, и наоборот.',
  more: (formatted) => `и ещё ${formatted}`,
  of: (id) => `соединение ${id}`,
  noDescriptor: 'дескриптора нет',
  inode: (inode) => `inode ${inode}`,
  received: (bytes) => `уже получено ${bytes}`,
  ends: (time) => `закончится через ${time}`,
  ending: 'заканчивается',
  kinds: {
    waiting: [
      'В очереди accept',
      'Рукопожатие завершено, но accept() их ещё не принял. Ни одному процессу они не принадлежат.',
    ],
    handshake: ['Рукопожатие не завершено', 'Ядро ответило на SYN и ждёт последнего ACK.'],
    'just-closed': ['Только что закрыты', 'Сервер закрыл их после последнего опроса ядра.'],
    'time-wait': [
      'TIME_WAIT',
      'Сервер закрыл соединение первым, поэтому ядро минуту хранит четвёрку. Эти сокеты не принадлежат ни одному процессу, поэтому их не сравнивают.',
    ],
    'fin-wait': ['FIN_WAIT', 'Сервер закрыл свою сторону и отправил FIN. Клиент свой ещё не прислал.'],
    'last-ack': ['LAST_ACK или CLOSING', 'Обе стороны отправили FIN. FIN сервера ещё не подтверждён.'],
    other: ['Прочие', 'Сокеты порта, которым не соответствует активное соединение сервера.'],
    'only-server': [
      'Только на сервере',
      'Приняты после последнего опроса ядра или закрыты в ядре раньше, чем это заметил сервер.',
    ],
  },
  closedBy: { peer: 'обе стороны закрыли одновременно', system: 'закрыла система' },
}
