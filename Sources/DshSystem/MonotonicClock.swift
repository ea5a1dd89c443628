// Time that never jumps.
import Glibc

/// Nanoseconds since some fixed moment; only differences mean anything.
public func monotonicNanoseconds() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}

/// Seconds and nanoseconds since 1970 in UTC.
public func wallClock() -> (seconds: Int64, nanoseconds: Int64) {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return (Int64(time.tv_sec), Int64(time.tv_nsec))
}
