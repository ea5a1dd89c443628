// How functions take timestamps for a zone: what clocks show, or points of time.

import DshColumns
import DshPlan

/// How a function takes timestamps for a zone; functions of time see what clocks show unless they say otherwise.
enum ZoneUse: Sendable {
  case always(ZoneReading)
  /// What clocks show where the unit that the first argument names is a day or longer.
  case byUnit(belowDay: ZoneReading)
}

extension FunctionRegistry {
  public func zoneReading(of name: String, _ arguments: [Expression]) -> ZoneReading {
    switch Self.function(named: name)?.zones {
    case nil: return .refused
    case .always(let reading)?: return reading
    case .byUnit(let belowDay)?:
      guard case .literal(.string(let text), _)? = arguments.first, let unit = try? TimeUnit(text) else { return .clocks }
      return unit.isBelowDay ? belowDay : .clocks
    }
  }
}
