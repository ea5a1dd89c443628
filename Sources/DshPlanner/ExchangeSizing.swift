// How many tasks share the rows of an exchange: decided when their bytes are known.

public enum ExchangeSizing {
  /// A consumer of an exchange gets about so many bytes: few enough that a handful of slots share them evenly.
  static let targetBytes = 4 << 20
  /// Data is split over more consumers than this only where each would get more than `largestShareBytes`.
  static let consumerTarget = 64
  /// What a consumer merges in memory; well below the limit of a block, as shares are never quite even.
  public static let largestShareBytes = 256 << 20
  /// Of what a task may use of a store, a third is for the inputs of all that lie there, and a share for what it makes.
  static let inputsShare = 3

  /// What a consumer merges where tasks may use so much of a store each.
  ///
  /// - Parameter workingShares: how many times what it reads it may hold.
  public static func shareBytes(taskMemoryBytes: Int, workingShares: Int) -> Int {
    let own = taskMemoryBytes - taskMemoryBytes / inputsShare
    return max(smallestShareBytes, min(largestShareBytes, own / (workingShares + 1)))
  }

  /// A consumer of less than this costs more than the moving of its rows to another.
  static let smallestShareBytes = 64 << 10

  /// Whether runs whose keys follow one another have a consumer each, where they lie.
  public static func staysWhereItLies(totalBytes: Int, runCount: Int, shareBytes: Int) -> Bool {
    totalBytes / runCount >= smallestShareBytes && totalBytes / runCount <= shareBytes
  }

  /// How many tasks share so many bytes.
  public static func consumers(ofBytes totalBytes: Int, shareBytes: Int) -> Int {
    max(1, min(consumerTarget, totalBytes / targetBytes), (totalBytes + shareBytes - 1) / shareBytes)
  }
}
