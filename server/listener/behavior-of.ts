import type { BehaviorSetting } from '../../shared/script.ts'
import { type Behaves, BEHAVIORS } from './behaviors.ts'
import { Scripted } from './scripted.ts'

export function behaviorOf({ behavior, rules }: BehaviorSetting): Behaves {
  return behavior === 'scripted' ? new Scripted(rules) : BEHAVIORS[behavior]
}
