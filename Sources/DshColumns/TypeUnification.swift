// The type that holds the values of two types.
import DshDiagnostics

extension DataType {
  /// The tightest type both can be turned into without losing a value, or nil if there is none.
  ///
  /// An integer with a float gives float64, as everywhere; decimals keep their digits behind the point, and as many before it as 38 leave.
  public func unified(with other: DataType) -> DataType? {
    if self == other { return self }
    switch (self, other) {
    case (.null, let type), (let type, .null): return type
    case (.narrow(let one), .narrow(let two)):
      if one == .float32 || two == .float32 { return .float64 }
      return one.unified(with: two).map { .narrow($0) } ?? .int64
    case (.narrow(let number), .uint64), (.uint64, .narrow(let number)):
      return number == .float32 ? .float64 : number.isUnsigned ? .uint64 : .decimal(precision: 20, scale: 0)
    case (.uint64, .int64), (.int64, .uint64): return .decimal(precision: 20, scale: 0)
    case (.float64, _) where other.isNumeric, (_, .float64) where isNumeric: return .float64
    case (.narrow(.float32), _) where other.isNumeric, (_, .narrow(.float32)) where isNumeric: return .float64
    case (.int64, .narrow), (.narrow, .int64): return .int64
    case (_, _) where wholeDigits != nil && other.wholeDigits != nil: return unifiedDecimal(with: other)
    case (.date, .timestamp), (.timestamp, .date): return .timestamp
    case (.date, .instant(_, zone: nil)): return other
    case (.instant(_, zone: nil), .date): return self
    case (.time(let one), .time(let two)): return .time(max(one, two))
    case (.duration(let one), .duration(let two)): return .duration(max(one, two))
    case (.list(let a), .list(let b)): return a.unified(with: b).map { .list($0) }
    case (.map(let key, let value), .map(let otherKey, let otherValue)):
      guard let key = key.unified(with: otherKey), let value = value.unified(with: otherValue) else { return nil }
      return .map(key, value)
    case (.structure(let fields), .structure(let others)): return Self.unified(fields, others).map { .structure($0) }
    default:
      guard let (unit, zone) = instant, let (otherUnit, otherZone) = other.instant, zone == otherZone else { return nil }
      return .timestamp(max(unit, otherUnit), zone: zone)
    }
  }

  /// Unit and zone of a timestamp of any kind.
  public var instant: (unit: TimeResolution, zone: String?)? {
    switch self {
    case .timestamp: (.microseconds, nil)
    case .instant(let unit, let zone): (unit, zone)
    default: nil
    }
  }

  /// The digits before and behind the point of a number that is exact.
  private var wholeDigits: (before: Int, behind: Int)? {
    switch self {
    case .decimal(let precision, let scale): (precision - scale, scale)
    case .int64: (19, 0)
    case .uint64: (20, 0)
    case .narrow(let number): number.valueBits.map { bits in (bits > 16 ? 10 : bits > 8 ? 5 : 3, 0) }
    default: nil
    }
  }

  private func unifiedDecimal(with other: DataType) -> DataType? {
    guard let digits = wholeDigits, let others = other.wholeDigits else { return nil }
    let scale = max(digits.behind, others.behind)
    return .decimal(precision: min(Self.largestPrecision, max(digits.before, others.before) + scale), scale: scale)
  }

  /// The fields of both, in the order in which they first appear; nil if those of one name have nothing in common.
  private static func unified(_ fields: [Field], _ others: [Field]) -> [Field]? {
    var merged = fields
    for other in others {
      if let place = merged.firstIndex(where: { $0.name.isExactly(other.name) }) {
        guard let type = merged[place].type.unified(with: other.type) else { return nil }
        merged[place].type = type
      } else {
        merged.append(other)
      }
    }
    return merged
  }
}
