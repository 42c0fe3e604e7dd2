// Lesson 2: a neuron, the one part that networks are made of.
#:project ../src/Nudge/Nudge.csproj
#:property PublishAot=false

// dotnet run lessons/02-a-neuron.cs

using Nudge;

// ── Weighing things up ───────────────────────────────────────────────────────────────────────────────────────────────
//
// Shall we go for a walk? Two numbers bear on it: how sunny it is, and how windy. Sun speaks for it, wind against, and
// sun counts for more. Written as arithmetic, that is a weighted sum: each input times a weight that says how much it
// counts and in which direction, and one number more, the bias, for how much we like walking anyhow.

Value sun = new Value(0.5).Named("sun"), wind = new Value(2).Named("wind");
Value sunWeight = new Value(1.5).Named("sunWeight"), windWeight = new Value(-0.5).Named("windWeight");
Value bias = new Value(0.25).Named("bias");

Value sum = (sun * sunWeight + wind * windWeight + bias).Named("sum");

Console.WriteLine($"{sum.Data:F4}"); //> 0.0000

// 0.75 for the sun, −1 for the wind, 0.25 because we like walking: it comes out even.

// ── Squashing ────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// A weighted sum can be any number. As an answer we want something between "no" and "yes", say between −1 and 1. So a
// neuron puts its sum through a squashing function. The best known is tanh: small numbers pass almost unchanged, and
// large ones are pressed against −1 or 1.
//
// Beside each result is its derivative, the slope of tanh at that place. It is 1 − tanh², and one can see why squashing
// deserves attention: far from 0 the slope is nearly 0. A nudge at the input hardly arrives at the output.

foreach (double input in new[] { -5.0, -2, -0.5, 0, 0.5, 2, 5 })
{
    Value x = input;
    Value y = x.Tanh();
    y.Backward();
    Console.WriteLine($"tanh({input,4}) = {y.Data,7:F4}   slope {x.Grad:F4}");
}
//> tanh(  -5) = -0.9999   slope 0.0002
//> tanh(  -2) = -0.9640   slope 0.0707
//> tanh(-0.5) = -0.4621   slope 0.7864
//> tanh(   0) =  0.0000   slope 1.0000
//> tanh( 0.5) =  0.4621   slope 0.7864
//> tanh(   2) =  0.9640   slope 0.0707
//> tanh(   5) =  0.9999   slope 0.0002

// A neuron whose sum has run far out is called saturated. It has made up its mind, and no gradient gets through to
// change it. Remember the word: in lesson 5 it explains a mystery. `nudge lab net-huge` trains a network that starts like
// that.

// ── A neuron ─────────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Weighted sum, then squash. That is a neuron.

Value answer = sum.Tanh().Named("answer");
answer.Backward();

foreach (Value value in new[] { answer, sum, sunWeight, windWeight, bias, sun, wind })
    Console.WriteLine(value);
//> answer = 0.0000 (grad 1.0000)
//> sum = 0.0000 (grad 1.0000)
//> sunWeight = 1.5000 (grad 0.5000)
//> windWeight = -0.5000 (grad 2.0000)
//> bias = 0.2500 (grad 1.0000)
//> sun = 0.5000 (grad 1.5000)
//> wind = 2.0000 (grad -0.5000)

// Every line can be checked in the head. The sum is 0, where tanh has slope 1, so everything above it arrives in full.
// A weight's slope is the input it is multiplied by: wind is 2, so windWeight has gradient 2, and moving it does four
// times as much as moving sunWeight. A weight whose input is 0 has no say at all, whatever we do to it.
//
// The inputs have gradients too, but the weather is as it is. What we may change are the weights and the bias. Numbers
// that training may change are called parameters.

// ── A nudge in the right direction ───────────────────────────────────────────────────────────────────────────────────
//
// It was a day like this and the walk was lovely: the answer should have been closer to 1. So move each parameter a
// little along its gradient. Along it, this time, for we want more and not less.

for (int step = 1; step <= 5; step++)
{
    foreach (Value parameter in new[] { sunWeight, windWeight, bias })
    {
        parameter.Data += 0.05 * parameter.Grad;
        parameter.Grad = 0; // used up; the next Backward() adds to it
    }

    answer = (sun * sunWeight + wind * windWeight + bias).Tanh();
    answer.Backward();
    Console.WriteLine($"step {step}: answer {answer.Data:F4}, windWeight {windWeight.Data:F4}");
}
//> step 1: answer 0.2566, windWeight -0.4000
//> step 2: answer 0.4682, windWeight -0.3066
//> step 3: answer 0.6124, windWeight -0.2285
//> step 4: answer 0.7048, windWeight -0.1660
//> step 5: answer 0.7653, windWeight -0.1157

// The neuron has learned something: mostly, that wind is not as bad as it thought. Nobody told it to blame the wind. It
// was the parameter with the largest slope.
//
// And look how the steps get smaller. The answer climbs, tanh gets flatter, the slope shrinks: saturation, seen from
// its beginning.

// ── Neurons from the library ─────────────────────────────────────────────────────────────────────────────────────────
//
// Neuron does the same for any number of inputs. Its parameters begin as random numbers between −1 and 1, since
// training has to begin somewhere. They come from a generator that you seed: the same seed gives the same neuron, today
// and on every machine.

var neuron = new Neuron(2, new Rng(1));

Console.WriteLine(neuron); //> Neuron 2 → 1, tanh
foreach (Value parameter in neuron.Parameters)
    Console.WriteLine(parameter);
//> w[0] = 0.4058 (grad –)
//> w[1] = 0.0409 (grad –)
//> b = 0.1482 (grad –)

// Given our numbers, it gives our answer.

neuron.Parameters.Load([1.5, -0.5, 0.25]);
Console.WriteLine($"{neuron.Forward(0.5, 2).Data:F4}"); //> 0.0000

// ── What a neuron can do, and what it cannot ─────────────────────────────────────────────────────────────────────────
//
// With the right parameters a neuron can say "a or b", if 0 stands for no and 1 for yes, and the sign of its answer is
// what it says:

string Says(Neuron n, double p, double q) => n.Forward(p, q).Data > 0 ? "yes" : "no";

void Print(string name, Func<double, double, string> says) =>
    Console.WriteLine($"{name,4}: {says(0, 0),3} {says(0, 1),3} {says(1, 0),3} {says(1, 1),3}");

var or = new Neuron(2, new Rng(2));
or.Parameters.Load([2, 2, -1]);
var nand = new Neuron(2, new Rng(3));
nand.Parameters.Load([-2, -2, 3]);
var and = new Neuron(2, new Rng(4));
and.Parameters.Load([2, 2, -3]);

Print("or", (p, q) => Says(or, p, q));     //>   or:  no yes yes yes
Print("nand", (p, q) => Says(nand, p, q)); //> nand: yes yes yes  no
Print("and", (p, q) => Says(and, p, q));   //>  and:  no  no  no yes

// (nand is "not both".) But no choice of weights makes one neuron say "one of them, and not both", which is called
// exclusive or, xor for short. Draw the four cases as the corners of a square. A weighted sum is 0 along a straight
// line, and the neuron says yes on one side of it and no on the other. Xor wants yes at two opposite corners and no at
// the other two, and no straight line does that.
//
// Two neurons can help a third. "One of them and not both" is: (a or b) and (a nand b). Ask both, and put their answers
// to a neuron that wants both. Their answers are squashed to between −1 and 1, so this one counts from there.

var both = new Neuron(2, new Rng(5));
both.Parameters.Load([2, 2, -1]);

Print("xor", (p, q) => both.Forward(or.Forward(p, q), nand.Forward(p, q)).Data > 0 ? "yes" : "no"); //>  xor:  no yes yes  no

// One neuron draws a line. Neurons that feed neurons draw any shape. That is why they come in layers.
//
//     dotnet run lessons/03-layers-and-mlp.cs
