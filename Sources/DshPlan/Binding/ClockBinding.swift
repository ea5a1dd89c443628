// Functions of time over timestamps for a zone: they see what its clocks show, and times that they give are turned back.

import DshColumns
import DshDiagnostics
import DshLanguage

/// How a call takes timestamps for a zone other than UTC.
public enum ZoneReading: Sendable {
  /// It doesn't.
  case refused
  /// As points of time, which are the same in every zone.
  case moments
  /// As what clocks show. Of two points of time at which they show a time that it gives, the first is meant.
  case clocks
  /// As what clocks show; at a time that it gives they are as far from UTC as at the argument.
  case clocksInStep
  /// As what clocks show, with how many seconds they are ahead of UTC as one more argument.
  case clocksWithOffset
}

extension Binder {
  /// Resolves a call with timestamps for a zone, all of which are read in the first one's; nil if it has or takes none, or if a mistake was reported.
  ///
  /// - Parameter resolved: whether the call needs no other resolution.
  mutating func bindOverClocks(
    _ name: String, _ arguments: [Expression], span: SourceSpan, written: [ExpressionSyntax], over schema: Schema, resolved: inout Bool
  ) -> Expression? {
    let reading = functions.zoneReading(of: name, arguments)
    // A timestamp without a zone beside one with it is a mistake, as in comparisons.
    guard reading != .refused, let first = arguments.first(where: { $0.type.foreignZone != nil }), let zone = first.type.foreignZone,
      !arguments.contains(where: { $0.type.instant.map { $0.zone == nil } ?? false })
    else { return nil }
    resolved = true
    var read: [Expression] = []
    for argument in arguments {
      guard argument.type.instant != nil else {
        read.append(argument)
        continue
      }
      guard let time = reading == .moments ? moment(argument, span) : clock(argument, zone, span: span) else { return nil }
      read.append(time)
    }
    if reading == .clocksWithOffset {
      guard let offset = zoneCall("zone_offset", moment(first, span), zone, result: .int64, span: span) else { return nil }
      read.append(offset)
    }
    guard let result = resolve(name, read, span: span, written: written, over: schema) else { return nil }
    guard result.type == .timestamp, reading != .moments else { return result }
    let utc = reading == .clocksInStep ? inStep(result, with: first, zone, span) : zoneCall("from_zone", result, zone, span: span)
    return utc.map { .cast($0, to: .timestamp(.microseconds, zone: zone), isTry: false, origin: origin(span)) }
  }

  /// What a cast to a date or a time of day takes of a timestamp for a zone: what clocks show. Anything else stays as it is; nil after reporting that there is no
  /// such zone.
  mutating func clock(_ operand: Expression, for type: DataType, span: SourceSpan) -> Expression? {
    guard let zone = operand.type.foreignZone, type.isReadFromClock else { return operand }
    return clock(operand, zone, span: span)
  }

  private mutating func clock(_ operand: Expression, _ zone: String, span: SourceSpan) -> Expression? {
    zoneCall("to_zone", moment(operand, span), zone, span: span)
  }

  /// A timestamp of any unit and zone as one in UTC.
  private func moment(_ operand: Expression, _ span: SourceSpan) -> Expression {
    .cast(operand, to: .timestamp, isTry: false, origin: origin(span))
  }

  /// The point of time at which clocks show a time, if they are as far from UTC as at another one.
  private mutating func inStep(_ time: Expression, with other: Expression, _ zone: String, _ span: SourceSpan) -> Expression? {
    guard let offset = zoneCall("zone_offset", moment(other, span), zone, result: .int64, span: span),
      let back = call("neg", [offset], .int64, span: span)
    else { return nil }
    return call("date_add", [.literal(.string("second"), .string), back, time], .timestamp, span: span)
  }

  /// A call of a function of zones with the rules of the zone; nil after reporting why there are none.
  private mutating func zoneCall(
    _ name: String, _ time: Expression, _ zone: String, result: DataType = .timestamp, span: SourceSpan
  ) -> Expression? {
    var arguments = [time, Expression.literal(.string(zone), .string)]
    do throws(Diagnostic) {
      if let rules = try ZoneFiles.rules(zone) { arguments.append(.literal(.binary(rules), .binary)) }
    } catch {
      report(error.at(span))
      return nil
    }
    return call(name, arguments, result, span: span)
  }
}

extension DataType {
  /// The zone of a timestamp whose clocks don't show UTC.
  var foreignZone: String? {
    guard let zone = instant?.zone, zone != "UTC" else { return nil }
    return zone
  }

  /// Whether a cast of a timestamp to it takes what clocks show.
  fileprivate var isReadFromClock: Bool {
    switch self {
    case .date, .time: true
    default: false
    }
  }
}
