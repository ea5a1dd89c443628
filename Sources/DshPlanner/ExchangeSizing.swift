// How many tasks share the rows of an exchange: decided when their bytes are known.

public enum ExchangeSizing {
  /// A consumer of an exchange gets about so many bytes.
  static let targetBytes = 8 << 20
  /// Data is split over more consumers than this only where each would get more than `largestShareBytes`.
  static let consumerTarget = 64
  /// What a consumer merges in memory; well below the limit of a block, as shares are never quite even.
  static let largestShareBytes = 256 << 20

  /// How many tasks share so many bytes.
  public static func consumers(ofBytes totalBytes: Int) -> Int {
    max(1, min(consumerTarget, totalBytes / targetBytes), totalBytes / largestShareBytes)
  }
}
