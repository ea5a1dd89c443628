// A number that grows whenever something has changed, for threads that wait for that.

/// Counts changes. Whoever finds a state unfit takes the number before looking, and waits until it is another one.
public final class ChangeCounter: @unchecked Sendable {
  // `@unchecked Sendable`: the number is touched under the monitor's lock only.
  private let monitor = Monitor()
  private var number = 0

  public init() {}

  public var current: Int { monitor.withLock { number } }

  public func advance() {
    monitor.withLock { number += 1 }
    monitor.wakeAll()
  }

  /// Waits until the number is another one than was seen.
  public func wait(after seen: Int) {
    monitor.withLock { while number == seen { monitor.wait() } }
  }
}
