// Casts between timestamps, dates, times of day and lengths of time of all units.

import DshColumns
import DshDiagnostics

/// The kernel that turns one kind of time into another; nil if there is none.
func timeCast(_ source: DataType, _ failure: CastFailure) -> Kernel? {
  // A zone says what an instant is meant for; the time that is counted from is UTC with and without one.
  if let own = source.instant, let wanted = failure.target.instant { return unitCast(own.unit, wanted.unit, failure) }
  switch (source, failure.target) {
  case (.time(let unit), .time(let wanted)), (.duration(let unit), .duration(let wanted)): return unitCast(unit, wanted, failure)
  case (.date, .instant(let unit, _)):
    return Kernel(canFail: !failure.isTry) { call in
      let dates = FixedArgument<Int32>(call.arguments[0])
      return call.cast(failure, Int64.self) { TimeResolution.seconds.convert(Int64(dates[$0]) * 86_400, to: unit) }
    }
  case (.instant(let unit, _), .date):
    let perDay = unit.perSecond * 86_400
    return Kernel(canFail: !failure.isTry) { call in
      let counts = FixedArgument<Int64>(call.arguments[0])
      return call.cast(failure, Int32.self) { row in
        let (days, rest) = counts[row].quotientAndRemainder(dividingBy: perDay)
        return Int32(exactly: rest < 0 ? days - 1 : days)
      }
    }
  case (_, .time(let unit)):
    guard let (own, _) = source.instant else { return nil }
    let perDay = own.perSecond * 86_400
    return Kernel { call in
      call.map(Int64.self) { (count: Int64) -> Int64 in
        let rest = count % perDay
        return own.convert(rest < 0 ? rest + perDay : rest, to: unit) ?? 0
      }
    }
  default: return nil
  }
}

/// Counts of one unit in another, rounded down.
private func unitCast(_ unit: TimeResolution, _ wanted: TimeResolution, _ failure: CastFailure) -> Kernel {
  if wanted == unit { return Kernel { $0.arguments[0].materialized(rowCount: $0.rowCount).retyped(to: $0.type) } }
  if wanted < unit { return Kernel { $0.map(Int64.self) { (count: Int64) -> Int64 in unit.convert(count, to: wanted) ?? 0 } } }
  return Kernel(canFail: !failure.isTry) { call in
    let counts = FixedArgument<Int64>(call.arguments[0])
    return call.cast(failure, Int64.self) { unit.convert(counts[$0], to: wanted) }
  }
}
