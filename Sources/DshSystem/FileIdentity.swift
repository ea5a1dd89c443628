// Which file, in which state: what tells that a path leads to something else by now, or that its content may have changed.
import DshDiagnostics
import Glibc

/// A file as it was when it was looked at.
///
/// Size and modification time can be set to what they were; the time of the last change of anything can't, so that another content always shows,
/// once a tick of the kernel's clock has passed (`awaitTick`).
public struct FileIdentity: Hashable, Sendable {
  public let device: UInt64
  public let inode: UInt64
  public let sizeBytes: Int
  public let modifiedNanoseconds: Int64
  public let changedNanoseconds: Int64

  public init(_ status: FileStatus) {
    device = status.device
    inode = status.inode
    sizeBytes = status.sizeBytes
    modifiedNanoseconds = status.modifiedNanoseconds
    changedNanoseconds = status.changedNanoseconds
  }

  /// Whether it is the same file with the same content, whatever became of its name: removing or replacing a name changes the time of the last
  /// change. For files that are written once alone, as times of modification can be set.
  public func hasContent(of other: FileIdentity) -> Bool {
    device == other.device && inode == other.inode && sizeBytes == other.sizeBytes && modifiedNanoseconds == other.modifiedNanoseconds
  }

  /// The file as another machine sees it that shares its folder: device, number and the time of the last change may be others there.
  public var acrossMachines: FileIdentity { FileIdentity(0, 0, Int64(sizeBytes), modifiedNanoseconds, 0) }

  /// Whether it is the file, in the state, that is expected; one that was seen on another machine is told by its size and its time of modification.
  public func isState(_ expected: FileIdentity) -> Bool { self == expected || acrossMachines == expected }

  /// The identity as numbers, to be sent.
  public var numbers: [Int64] {
    [
      Int64(bitPattern: device), Int64(bitPattern: inode), Int64(sizeBytes), modifiedNanoseconds, changedNanoseconds,
    ]
  }

  /// The identity of no file.
  public static let none = FileIdentity(0, 0, 0, 0, 0)

  /// Nil if these are not the numbers of one.
  public init?(numbers: [Int64]) {
    guard numbers.count == 5 else { return nil }
    self.init(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4])
  }

  private init(_ device: Int64, _ inode: Int64, _ sizeBytes: Int64, _ modified: Int64, _ changed: Int64) {
    self.device = UInt64(bitPattern: device)
    self.inode = UInt64(bitPattern: inode)
    self.sizeBytes = Int(sizeBytes)
    modifiedNanoseconds = modified
    changedNanoseconds = changed
  }

  /// Waits until a further change of the file would get another time: a tick of the kernel's clock at most, and nothing for a file that has been
  /// left alone since. A clock of another machine that runs ahead is not waited for.
  public func awaitTick() {
    for _ in 0..<Self.tickLimitMilliseconds {
      if nanoseconds(of: CLOCK_REALTIME_COARSE) > max(modifiedNanoseconds, changedNanoseconds) { return }
      usleep(1000)
    }
  }

  /// Twice the longest tick that kernels are built with.
  private static let tickLimitMilliseconds = 20
}
