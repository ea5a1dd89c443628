// What is computed from exact sums of powers: each difference is exact, and what is rounded are quotients and roots.

/// Measures of one or two columns over a number of rows.
enum Moments {
  /// The covariance from the sums of x, y and x · y: (n · Σxy - Σx · Σy) / (n · (n - 1)), or divided by n².
  static func covariance(_ count: Int64, _ sums: [ExactNumber], isSample: Bool) -> Double {
    let (value, scale) = (sums[2] * count - sums[0] * sums[1]).scaled
    return times(value / (Double(count) * Double(isSample ? count - 1 : count)), powerOfTwo: scale)
  }

  /// Pearson's coefficient from the sums of x, y, x · y, x² and y²; NaN if all of a column are the same.
  static func correlation(_ count: Int64, _ sums: [ExactNumber]) -> Double {
    let product = sums[2] * count - sums[0] * sums[1]
    let squares = (sums[3] * count - sums[0] * sums[0]) * (sums[4] * count - sums[1] * sums[1])
    if squares.isZero { return .nan }
    let (value, scale) = product.scaled
    // On a line it is 1 or -1, and no rounding shall hide that.
    if (squares - product * product).isZero { return value < 0 ? -1 : 1 }
    let (square, squareScale) = squares.scaled
    return min(max(times(value / square.squareRoot(), powerOfTwo: scale - squareScale / 2), -1), 1)
  }

  /// The skewness of a sample, adjusted as by Fisher and Pearson; NaN if all values are the same.
  ///
  /// With A₂ = n · Σx² - (Σx)² and A₃ = n² · Σx³ - 3n · Σx · Σx² + 2 · (Σx)³ it is √(n · (n - 1)) / (n - 2) · A₃ / A₂^1.5.
  static func skewness(_ count: Int64, _ sums: [ExactNumber]) -> Double {
    let second = sums[1] * count - sums[0] * sums[0]
    if second.isZero { return .nan }
    let third = sums[2] * count * count - sums[0] * sums[1] * count * 3 + sums[0] * sums[0] * sums[0] * 2
    let (value, scale) = third.scaled
    let (square, squareScale) = second.scaled
    let n = Double(count)
    let ratio = times(value / (square * square.squareRoot()), powerOfTwo: scale - squareScale / 2 * 3)
    return (n * (n - 1)).squareRoot() / (n - 2) * ratio
  }

  /// The excess kurtosis of a sample, adjusted for its size; NaN if all values are the same.
  ///
  /// With A₄ = n³ · Σx⁴ - 4n² · Σx · Σx³ + 6n · (Σx)² · Σx² - 3 · (Σx)⁴ the excess is g = (A₄ - 3 · A₂²) / A₂², and the result
  /// (n - 1) / ((n - 2) · (n - 3)) · ((n + 1) · g + 6).
  static func kurtosis(_ count: Int64, _ sums: [ExactNumber]) -> Double {
    let second = sums[1] * count - sums[0] * sums[0]
    if second.isZero { return .nan }
    let first = sums[0] * sums[0]
    let upper = sums[3] * count * count * count + first * sums[1] * count * 6
    let fourth = upper - sums[0] * sums[2] * count * count * 4 - first * first * 3
    let square = second * second
    let (value, scale) = (fourth - square * 3).scaled
    let (divisor, divisorScale) = square.scaled
    let n = Double(count)
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * times(value / divisor, powerOfTwo: scale - divisorScale) + 6)
  }

  private static func times(_ value: Double, powerOfTwo exponent: Int) -> Double {
    value == 0 ? 0 : Double(sign: .plus, exponent: exponent, significand: value)
  }
}
