// Lesson 1: what a derivative is, and how the chain rule finds many of them at once.
#:project ../src/Nudge/Nudge.csproj
#:property PublishAot=false

// Run this file from the root of the repository:
//
//     dotnet run lessons/01-derivative-and-chain-rule.cs
//
// Read it from top to bottom. What a line prints stands behind it, after //> . Change a number and run it again: the
// best way to read a lesson is to guess first what will come out.

using Nudge;

// ── Nudging ──────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Take a machine with one dial. You set the dial to x, and it shows a number. This one shows the area of a square with
// sides of length x.

double Area(double x) => x * x;

Console.WriteLine(Area(3)); //> 9

// Now ask the question that this whole library is about: if I turn the dial a tiny bit, what happens to the number?
// Do it. Nudge x from 3 to 3.001 and look.

Console.WriteLine($"{Area(3.001):F6}"); //> 9.006001

// The dial moved by 0.001, the number by 0.006001. So the number moved about six times as far as the dial. That ratio,
// change of the result divided by change of the input, is called the slope.

double Slope(Func<double, double> machine, double x, double nudge) => (machine(x + nudge) - machine(x)) / nudge;

Console.WriteLine($"{Slope(Area, 3, 0.1):F6}");    //> 6.100000
Console.WriteLine($"{Slope(Area, 3, 0.001):F6}");  //> 6.001000
Console.WriteLine($"{Slope(Area, 3, 0.00001):F6}"); //> 6.000010

// The smaller the nudge, the closer the slope comes to 6. The number that it comes closer and closer to is the
// derivative. Nothing more is behind the word: a derivative says how many times as far the result moves as the input
// does, for very small moves, starting from here.
//
// "From here" matters. The same machine has other slopes at other places.

Console.WriteLine($"{Slope(Area, 5, 0.00001):F3}");  //> 10.000
Console.WriteLine($"{Slope(Area, 0, 0.00001):F3}");  //> 0.000
Console.WriteLine($"{Slope(Area, -2, 0.00001):F3}"); //> -4.000

// Read the three lines as advice to somebody who wants a smaller area. At 5: turn the dial down, and it goes quickly.
// At −2: the slope is negative, the number falls as the dial goes up, so turn the dial up. At 0: the slope is 0, no
// small move helps, you have arrived. The sign says which way, the size says how strongly.

// ── Many dials ───────────────────────────────────────────────────────────────────────────────────────────────────────
//
// A machine can have several dials. Then each has a slope of its own: nudge that one, hold the others still.

double Result(double a, double b, double c) => a * b + c;

double a0 = 2, b0 = 5, c0 = -4, h = 0.00001;
double here = Result(a0, b0, c0);

Console.WriteLine(here);                                              //> 6
Console.WriteLine($"a: {(Result(a0 + h, b0, c0) - here) / h:F3}"); //> a: 5.000
Console.WriteLine($"b: {(Result(a0, b0 + h, c0) - here) / h:F3}"); //> b: 2.000
Console.WriteLine($"c: {(Result(a0, b0, c0 + h) - here) / h:F3}"); //> c: 1.000

// You could have known these three without measuring. Push c up by some amount and a·b + c goes up by exactly that
// amount: slope 1. Push a up by some amount and the result goes up by b times as much, for a is multiplied by b: slope
// 5. And for the same reason b has slope 2, the number that a happens to be.
//
// So there are two rules, and they are all we need for a while:
//
//     a sum passes a nudge on as it is:                       slopes 1 and 1
//     a product passes a nudge on times the other factor:     slopes b and a
//
// All the slopes of one result together are called its gradient. The gradient here is (5, 2, 1).

// ── The chain rule ───────────────────────────────────────────────────────────────────────────────────────────────────
//
// Machines can be put one behind the other. Let the result d = a·b + c go into a machine that squares it: L = d². How
// far does L move when we nudge a?
//
// Think of gears. A pedal turns a wheel five times as fast as itself, and the wheel turns a mill twelve times as fast
// as itself. Then the mill turns 5 · 12 = 60 times as fast as the pedal. Rates along a chain multiply. This is the
// chain rule, all of it.
//
// The slope of d in a is 5, we have just found that. The slope of d² in d is 2d, as it was for the square, and d is 6.

double slopeOfLInD = 2 * here;
Console.WriteLine($"L in a: {slopeOfLInD * 5}"); //> L in a: 60
Console.WriteLine($"L in b: {slopeOfLInD * 2}"); //> L in b: 24
Console.WriteLine($"L in c: {slopeOfLInD * 1}"); //> L in c: 12

// Look at what was saved. The slope of L in d was found once and used three times. With a million dials it would be
// used a million times. Measuring by nudging needs a run of the whole machine for every dial; the chain rule needs one
// walk back through the machine for all of them. That walk is called the backward pass, and it is why networks with
// very many dials can be trained at all.
//
// One more rule completes it. If a number is used in two places, a nudge reaches the result on two ways, and the two
// effects add up. In y = x·x + x the product passes on x twice (3 + 3, at x = 3) and the sum once more (1).

Console.WriteLine($"{Slope(x => x * x + x, 3, h):F3}"); //> 7.000

// ── The engine does it ───────────────────────────────────────────────────────────────────────────────────────────────
//
// A Value is a number that remembers how it was made. You write arithmetic as usual, and it keeps the chain.
// Named() gives it a name to be printed with.

Value a = new Value(2).Named("a");
Value b = new Value(5).Named("b");
Value c = new Value(-4).Named("c");
Value d = (a * b + c).Named("d");
Value L = (d * d).Named("L");

Console.WriteLine(L); //> L = 36.0000 (grad –)

// The number is there, the gradient is not: nobody has asked for it. The dash says so. It is not 0, for 0 would mean
// "a nudge changes nothing", and that is a different thing from "we do not know yet".
//
// d remembers its inputs, a·b and c, and knows the two slopes of a sum:

Console.WriteLine(string.Join(" and ", d.Inputs.Select(input => input.Data)));  //> 10 and -4
Console.WriteLine(string.Join(" and ", d.LocalDerivatives)); //> 1 and 1

// Backward() is the walk back. It starts at L, whose slope in itself is of course 1, and multiplies its way down.

L.Backward();

Console.WriteLine(L); //> L = 36.0000 (grad 1.0000)
Console.WriteLine(d); //> d = 6.0000 (grad 12.0000)
Console.WriteLine(a); //> a = 2.0000 (grad 60.0000)
Console.WriteLine(b); //> b = 5.0000 (grad 24.0000)
Console.WriteLine(c); //> c = -4.0000 (grad 12.0000)

// 60, 24 and 12: what we found by hand. And the number used twice?

Value used = new Value(3);
(used * used + used).Backward();
Console.WriteLine(used.Grad); //> 7

// Both its ways were summed before anything was passed on. `nudge lab order` counts out, visit by visit, what comes of
// walking back in another order.

// ── Trust, but nudge ─────────────────────────────────────────────────────────────────────────────────────────────────
//
// Nobody should believe a gradient that they cannot check, and nudging is the check. It needs nothing but the machine
// itself. Here is an expression that is no fun by hand, and both answers for it.

Value Tangle() => (a * b).Tanh() * c.Exp() + (b / a - c).Pow(2) * (a + c).Sin();

GradientReport report = GradientCheck.Check(Tangle, [a, b, c]);
foreach (GradientComparison entry in report.Entries)
    Console.WriteLine($"{entry.Name}: engine {entry.Computed:F4}, nudging {entry.Measured:F4}");
Console.WriteLine(report.Passed ? "they agree" : "they do not agree");
//> a: engine -2.8061, nudging -2.8061
//> b: engine -5.9104, nudging -5.9104
//> c: engine -5.7430, nudging -5.7430
//> they agree

// ── What it is good for ──────────────────────────────────────────────────────────────────────────────────────────────
//
// Say we want L to be smaller. The gradient of a is 60: L rises when a rises. So lower a, and lower b and c too, each
// a little, and in proportion to its gradient, since a dial with a large one has more to give.

foreach (Value dial in new[] { a, b, c })
    dial.Data -= 0.01 * dial.Grad;

Console.WriteLine($"{a.Data:F2} {b.Data:F2} {c.Data:F2}"); //> 1.40 4.76 -4.12

d = a * b + c;
L = d * d;
Console.WriteLine($"{L.Data:F4}"); //> 6.4719

// From 36 to 6.47, in one small step, without trying anything out. Training a network is this, again and again, with
// more dials. What the dials are, and what the machine is, comes next.
//
//     dotnet run lessons/02-a-neuron.cs
