// Where the blocks of a dataset that is kept may lie.

/// What becomes of kept blocks when memory gets short, in the words of Spark's storage levels.
public enum StorageLevel: String, Sendable, CaseIterable {
  /// In memory all the time; what does not fit is refused.
  case memory
  /// In files from the beginning; what is read of them goes through the memory of the system.
  case disk
  /// In memory as long as nobody wants it for something else.
  case memoryAndDisk = "memory+disk"
}
