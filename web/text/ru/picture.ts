import type { Translation } from '../fallback.ts'
import type { pictureMessages as en } from '../en/picture.ts'
import { plural } from './plural.ts'

const sockets = (count: number) =>
  plural(count, { one: 'сокет соединения', few: 'сокета соединений', many: 'сокетов соединений' })

/** Texts of the picture of the port. */
export const pictureMessages: Translation<typeof en> = {
  label: 'Схема порта',
  clients: (count, formatted) =>
    `${formatted} ${plural(count, { one: 'адрес клиента', few: 'адреса клиентов', many: 'адресов клиентов' })}`,
  port: (port) => `порт ${port}`,
  sockets: (count, formatted) => `${formatted} ${sockets(count)}`,
  fewer: {
    clients: (count, formatted) => `${formatted} ${plural(count, { one: 'адрес', few: 'адреса', many: 'адресов' })}`,
    sockets: (count, formatted) => `${formatted} ${plural(count, { one: 'сокет', few: 'сокета', many: 'сокетов' })}`,
  },
  oneForEach: 'по одному на соединение',
  nobody: 'Соединений пока нет. Подключитесь из терминала и увидите, как появится новый сокет:',
  listening: 'Слушающий сокет',
  carries: 'ждёт, без данных',
  notAccepting: 'accept() остановлен',
  noListening: 'Нет слушающего сокета',
  portClosed: 'закрыто для новых клиентов',
  descriptor: (fd) => `дескриптор ${fd}`,
  fd: (fd) => `fd ${fd}`,
  inode: (inode) => `inode ${inode}`,
  queue: (length, limit) => `Очередь accept: ${length} из ${limit}`,
  queueUnknown: 'Очередь accept: неизвестно',
  waiting: 'В очереди accept, ещё не принято: дескриптора нет, inode 0',
  fromOne: (formatted) => `${formatted} с одного IP`,
  unknownClient: 'адрес неизвестен',
  others: (count, formatted) => `ещё ${formatted} ${plural(count, { one: 'адрес', few: 'адреса', many: 'адресов' })}`,
  ofAddress: (address, count, formatted) => `${address}: ${formatted} ${sockets(count)}`,
  readingStopped: 'Сервер не читает',
  timeWait: (left) => `TIME_WAIT ${left}`,
  timeWaitMore: (formatted) => `${formatted} в TIME_WAIT`,
  legend: {
    open: 'открыто',
    half: 'полузакрыто',
    stopped: 'сервер не читает',
    warning: 'проблема',
    critical: 'байты не доходят',
    fin: 'FIN',
    reset: 'RST',
    timeWait: 'TIME_WAIT',
    toServer: 'байты к серверу',
    toClient: 'байты к клиенту',
  },
  summary: (of) =>
    `Порт ${of.port}: ${
      of.listening
        ? `один слушающий сокет, который не передаёт данных; в его очереди accept: ${of.waiting}`
        : 'слушающего сокета нет, сервер завершает работу'
    }. ` +
    `На том же порту ${of.live} ${sockets(of.count)} с ${of.addresses} ${plural(of.addressCount, {
      one: 'адреса клиентов',
      few: 'адресов клиентов',
      many: 'адресов клиентов',
    })}; полузакрыто: ${of.half}, сервер не читает: ${of.stopped}, ${of.attention}. В TIME_WAIT: ${of.timeWait}.`,
  help: 'Выбирайте сокет стрелками и открывайте клавишей Enter. В списке те же соединения текстом.',
}
