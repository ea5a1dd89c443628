// How the values of fixed width lie in memory, whatever they mean.

/// The machine type of the values in a column of fixed width.
public enum FixedLayout: Hashable, Sendable, BitwiseCopyable {
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  case float32, float64
  /// Two's complement in 16 bytes, the lowest first.
  case int128

  @inlinable public var byteCount: Int {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    case .int128: 16
    }
  }
}

/// A number that takes fewer bytes in a column than those that it is computed in.
public enum NarrowNumber: String, CaseIterable, Hashable, Sendable {
  case int8, int16, int32, uint8, uint16, uint32
  /// IEEE 754 single precision; half precision is read as this.
  case float32

  public var layout: FixedLayout {
    switch self {
    case .int8: .int8
    case .int16: .int16
    case .int32: .int32
    case .uint8: .uint8
    case .uint16: .uint16
    case .uint32: .uint32
    case .float32: .float32
    }
  }

  /// The bits of a whole number, its sign not counted; nil for `float32`.
  var valueBits: Int? {
    switch self {
    case .int8: 7
    case .int16: 15
    case .int32: 31
    case .uint8: 8
    case .uint16: 16
    case .uint32: 32
    case .float32: nil
    }
  }

  public var isUnsigned: Bool { self == .uint8 || self == .uint16 || self == .uint32 }

  /// The narrowest whole number that holds the values of both; nil if only int64 does.
  func unified(with other: NarrowNumber) -> NarrowNumber? {
    guard let bits = valueBits, let otherBits = other.valueBits else { return nil }
    if isUnsigned == other.isUnsigned { return bits >= otherBits ? self : other }
    return [.int8, .int16, .int32].first { $0.valueBits.map { $0 >= max(bits, otherBits) } ?? false }
  }
}

/// The unit in which a column counts time.
public enum TimeResolution: String, CaseIterable, Hashable, Sendable, Comparable, BitwiseCopyable {
  case seconds = "s"
  case milliseconds = "ms"
  case microseconds = "us"
  case nanoseconds = "ns"

  public var perSecond: Int64 {
    switch self {
    case .seconds: 1
    case .milliseconds: 1000
    case .microseconds: 1_000_000
    case .nanoseconds: 1_000_000_000
    }
  }

  /// The digits behind the point of a second.
  public var digits: Int {
    switch self {
    case .seconds: 0
    case .milliseconds: 3
    case .microseconds: 6
    case .nanoseconds: 9
    }
  }

  /// Whether it is coarser.
  public static func < (one: TimeResolution, other: TimeResolution) -> Bool { one.digits < other.digits }
}
