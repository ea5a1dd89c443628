// Time that never jumps.
import Glibc

/// Nanoseconds since some fixed moment; only differences mean anything.
public func monotonicNanoseconds() -> Int64 {
  nanoseconds(of: CLOCK_MONOTONIC)
}

/// Seconds and nanoseconds since 1970 in UTC.
public func wallClock() -> (seconds: Int64, nanoseconds: Int64) {
  let time = time(of: CLOCK_REALTIME)
  return (Int64(time.tv_sec), Int64(time.tv_nsec))
}

/// What one of the system's clocks shows.
func nanoseconds(of clock: clockid_t) -> Int64 {
  let time = time(of: clock)
  return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}

private func time(of clock: clockid_t) -> timespec {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return time
}
