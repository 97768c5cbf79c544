import type {
  diagnosisMessages as enDiagnosis,
  evidenceMessages as enEvidence,
  connectionMessages as enWitness,
} from '../en/connection.ts'
import { plural } from './plural.ts'

/** Texts of the panel: what the kernel says of one connection, and what follows from it. */
export const connectionMessages: typeof enWitness = {
  life: 'Жизнь соединения',
  seen: 'замечено в таблице ядра',
  inferred: 'выведено: в таблице ядра не замечено',
  countdown: (time) => `ещё ${time}`,
  proof: 'Доказательство',
  proofLine: (count, formatted) =>
    plural(count, {
      one: `${formatted} сокет, ${formatted} inode, ${formatted} дескриптор, 1 порт`,
      few: `${formatted} сокета, ${formatted} inode, ${formatted} дескриптора, 1 порт`,
      many: `${formatted} сокетов, ${formatted} inode, ${formatted} дескрипторов, 1 порт`,
    }),
  sameInode: '— тот же inode: дескриптор и есть этот сокет.',
  otherInode: '— другой inode: с тех пор дескриптор занят снова.',
  proofAlone: 'Подключитесь ещё раз, и здесь появится третий сокет.',
  listening: 'слушающий',
  this: 'этот',
  another: (id) => `соединения ${id}`,
  proofColumns: { socket: 'Сокет', inode: 'Inode', fd: 'Дескриптор', local: 'Локальный адрес' },
  diagnosis: 'Диагноз',
  lookup: 'Какой сокет получит его пакеты?',
  unknownFacts: 'Сокета для этого соединения в ядре больше нет.',
  /** The server speaks English. */
  unavailable: (reason) => `Ядро спросить нельзя. Сервер сообщает: «${reason}».`,
  fields: {
    tcpState: 'Состояние TCP',
    inode: 'Inode',
    recvQueue: 'Очередь приёма',
    sendQueue: 'Очередь отправки',
    rttMs: 'Время туда и обратно',
    retransmits: 'Передано повторно',
    congestionWindow: 'Окно перегрузки',
    sendWindow: 'Окно клиента',
    timer: 'Таймер',
    sampledAt: 'Изменилось в',
  },
  noInode: '0: ни один процесс его не держит',
  segments: (count, formatted) =>
    `${formatted} ${plural(count, { one: 'сегмент', few: 'сегмента', many: 'сегментов' })}`,
  queued: {
    recv: (bytes) => `${bytes}, программа их ещё не прочитала`,
    send: (bytes) => `${bytes}, клиент их ещё не подтвердил`,
  },
  empty: 'пуста',
  window: (bytes) => `примет ещё ${bytes}`,
  windowClosed: '0: больше ничего не примет',
  timers: {
    on: 'повторная передача',
    keepalive: 'проверка связи (keepalive)',
    timewait: 'конец TIME_WAIT',
    persist: 'проба закрытого окна',
    unknown: 'неизвестный',
  },
  timerAt: (what, time) => `${what} через ${time}`,
  noTimer: 'нет',
}

/** What is wrong with a connection, if anything is. */
export const diagnosisMessages: typeof enDiagnosis = {
  waiting: 'Ждёт в очереди на приём: ни одна программа его не приняла.',
  'peer-not-reading': 'Клиент перестал читать.',
  retransmitting: 'Ядро передаёт повторно то, что клиент не подтвердил.',
  'not-closed': 'Клиент закрыл свою сторону, наша не закрыта.',
  unread: 'Есть данные, которые программа не прочитала.',
  'reading-stopped': 'Мы не читаем; пока ничего не ждёт.',
  'our-side-closed': 'Мы закрыли свою сторону, клиент свою — нет.',
  idle: 'Давно ничего не передаётся.',
  healthy: 'Ничего особенного: обе очереди пусты.',
  unknown: 'Фактов от ядра нет, судить не по чему.',
  over: 'Соединение завершено.',
}

/** What a diagnosis goes by. */
export const evidenceMessages: typeof enEvidence = {
  sendQueue: (bytes, rising) => `в очереди отправки ${bytes}${rising ? ', и становится больше' : ''}`,
  recvQueue: (bytes) => `в очереди приёма ${bytes}`,
  readingPaused: 'чтение остановлено вручную',
  persist: 'ядро пробует закрытое окно (таймер: persist)',
  window: 'окно, которое объявил клиент, равно 0',
  retransmits: (count, formatted) =>
    plural(count, {
      one: `повторно передан ${formatted} сегмент`,
      few: `повторно передано ${formatted} сегмента`,
      many: `повторно передано ${formatted} сегментов`,
    }),
  retransmitTimer: (time) => `следующая попытка через ${time}`,
  closeWait: (time) => `CLOSE_WAIT${time === null ? '' : ` уже ${time}`}`,
  finWait2: 'FIN_WAIT_2: наш FIN подтверждён',
  inode: 'inode 0: сокет не держит ни один процесс',
  idle: (time) => `${time} без единого байта`,
}
