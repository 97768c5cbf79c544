import type { Translation } from '../fallback.ts'
import type { kernelMessages as en } from '../en/kernel.ts'
import { plural } from './plural.ts'

/** Texts of the comparison of server and kernel. */
export const kernelMessages: Translation<typeof en> = {
  line: (count, both, total, open) =>
    `Сервер и ядро сходятся: ${both} из ${total} ${
      open
        ? plural(count, { one: 'открытого сокета', few: 'открытых сокетов', many: 'открытых сокетов' })
        : plural(count, { one: 'сокета', few: 'сокетов', many: 'сокетов' })
    }`,
  timeWait: (formatted) => `${formatted} в TIME_WAIT`,
  differ: (count, formatted) =>
    `${formatted} ${plural(count, { one: 'отличается', few: 'отличаются', many: 'отличаются' })}`,
  old: 'на момент последнего взгляда',
  open: 'Что отличается и почему',
  heading: 'Сервер и ядро',
  intro: 'Два свидетеля одного порта: собственные записи сервера обо всех принятых соединениях и таблица сокетов ядра.',
  both: 'У обоих',
  onlyKernel: 'Только в ядре',
  onlyServer: 'Только на сервере',
  inTimeWait: 'В TIME_WAIT',
  nothing: 'Отличий нет: каждому соединению сервера отвечает сокет в ядре, и наоборот.',
  nothingOpen: 'Отличий нет: каждому открытому соединению сервера отвечает открытый сокет в ядре, и наоборот.',
  more: (formatted) => `и ещё ${formatted}`,
  of: (id) => `соединение ${id}`,
  noDescriptor: 'дескриптора нет',
  inode: (inode) => `inode ${inode}`,
  received: (bytes) => `уже получено ${bytes}`,
  ends: (time) => `закончится через ${time}`,
  ending: 'вот-вот закончится',
  kinds: {
    waiting: ['Ждут приёма', 'Рукопожатие завершено, но accept() их ещё не забрал. Ни один процесс их не держит.'],
    handshake: ['В рукопожатии', 'Ядро ответило на их SYN и ждёт последнего ACK.'],
    'just-closed': ['Только что закрыты', 'У сервера соединение уже закрыто, а последний взгляд в ядро был раньше.'],
    'time-wait': [
      'TIME_WAIT',
      'Сервер закрыл первым, поэтому ядро минуту хранит четвёрку. Ни один процесс их не держит, так что сверять их не с чем.',
    ],
    'fin-wait': ['FIN_WAIT', 'Наша сторона закрыта, FIN отправлен; клиент своим ещё не ответил.'],
    'last-ack': ['LAST_ACK или CLOSING', 'Обе стороны отправили FIN; наш ещё не подтверждён.'],
    other: ['Прочие', 'Сокеты порта, за которыми нет живого соединения сервера.'],
    'only-server': [
      'Только на сервере',
      'Приняты после последнего взгляда в ядро или исчезли из него раньше, чем об этом узнал сервер.',
    ],
  },
  closedBy: { peer: 'обе стороны закрыли одновременно', system: 'завершила система' },
}
