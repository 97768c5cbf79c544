import { ActionModel } from '../../../shared/schema/action.ts'
import * as changes from '../../../shared/schema/changes.ts'
import { ClientModel } from '../../../shared/schema/client.ts'
import {
  ClassFactsModel,
  ClassStateModel,
  OpenedClassModel,
  OwnFactsModel,
  StudentKeyModel,
} from '../../../shared/schema/class.ts'
import { CrowdModel } from '../../../shared/schema/crowd.ts'
import {
  CloseModel,
  ConnectionModel,
  ConnectionWithInodeModel,
  EvidenceModel,
} from '../../../shared/schema/connection.ts'
import { EndpointModel } from '../../../shared/schema/endpoint.ts'
import { ErrorModel } from '../../../shared/schema/error.ts'
import { JoinModel } from '../../../shared/schema/join.ts'
import {
  KernelFactsModel,
  ListeningSocketModel,
  OtherEndModel,
  OwnerModel,
  SocketModel,
} from '../../../shared/schema/kernel.ts'
import { ListenTrialModel } from '../../../shared/schema/listen-trial.ts'
import { PortProblemModel, ProblemModel } from '../../../shared/schema/problem.ts'
import { CountersModel, KernelModel, ListenerModel } from '../../../shared/schema/listener.ts'

/** Every named schema, in the order of the API page. */
export const MODELS = [
  ConnectionModel,
  ConnectionWithInodeModel,
  CloseModel,
  EvidenceModel,
  ProblemModel,
  PortProblemModel,
  ActionModel,
  EndpointModel,
  KernelFactsModel,
  OtherEndModel,
  OwnerModel,
  ListenerModel,
  CountersModel,
  KernelModel,
  SocketModel,
  ListeningSocketModel,
  ListenTrialModel,
  ClientModel,
  CrowdModel,
  JoinModel,
  ClassStateModel,
  OpenedClassModel,
  ClassFactsModel,
  OwnFactsModel,
  StudentKeyModel,
  changes.AcceptChangeModel,
  changes.DataChangeModel,
  changes.CloseChangeModel,
  changes.EvidenceChangeModel,
  changes.RefusedChangeModel,
  changes.ProblemChangeModel,
  changes.ActionChangeModel,
  changes.SkippedChangeModel,
  ErrorModel,
]
