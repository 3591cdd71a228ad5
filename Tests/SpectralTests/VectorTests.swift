import Glibc
import Testing

@testable import Spectral

struct VectorTests {
  private let a = Vector(1, -2, 3.5, 0, 1e-300, 7, -0.125, 1e10)
  private let b = Vector(-4, 0.3, 2, 5, 1e-8, -1e5, 3, 1)

  @Test("Operators of whole vectors give what each lane gives")
  func operators() {
    for k in 0..<8 {
      let (x, y) = (a[k], b[k])
      #expect((a + b)[k] == x + y)
      #expect((a - b)[k] == x - y)
      #expect((a * b)[k] == x * y)
      #expect((a / b)[k] == x / y)
      #expect((2 + a)[k] == 2 + x)
      #expect((a - 2)[k] == x - 2)
      #expect((2 / b)[k] == 2 / y)
      #expect((-a)[k] == -x && (-a)[k].sign == (-x).sign)
      #expect(magnitude(a).squareRoot()[k] == abs(x).squareRoot())
      #expect(larger(a, b)[k] == max(x, y))
      #expect(smaller(a, b)[k] == min(x, y))
      #expect(keep(a, where: a .> b)[k] == (x > y ? x : 0))
      #expect(a.replacing(with: b, where: a .< b)[k] == (x < y ? y : x))
      #expect(single(b)[k] == Float(y))
      #expect(double(single(b))[k] == Double(Float(y)))
      #expect((single(a) * single(b))[k] == Float(x) * Float(y))
    }
  }

  @Test("The exponential of eight is that of the library to 2 units in the last place")
  func exponential() {
    for n in -5600..<5600 {
      let first = Double(n) / 8
      let x = Vector((0..<8).map { first + Double($0) / 67 })
      let values = exp(x)
      for k in 0..<8 {
        let exact = Glibc.exp(x[k])
        #expect(abs(values[k] - exact) <= 2 * exact.ulp)
      }
    }
  }

  @Test("The logarithm of eight is that of the library to 2 units in the last place")
  func logarithm() {
    for n in -5600..<5600 {
      let first = Double(n) / 8
      let x = Vector((0..<8).map { Glibc.exp(first + Double($0) / 67) })
      let near = Vector((0..<8).map { 1 + (first + Double($0) / 67) * 1e-5 })
      for (argument, values) in [(x, log(x)), (near, log(near))] {
        for k in 0..<8 {
          let exact = Glibc.log(argument[k])
          #expect(abs(values[k] - exact) <= 2 * exact.ulp)
        }
      }
    }
  }
}
