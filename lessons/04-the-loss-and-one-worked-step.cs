// Lesson 4: one number for how wrong, and one step towards less of it, with every figure worked out.
#:project ../src/Nudge/Nudge.csproj
#:property PublishAot=false

// dotnet run lessons/04-the-loss-and-one-worked-step.cs

using Nudge;

// ── How wrong? ───────────────────────────────────────────────────────────────────────────────────────────────────────
//
// Two answers, and what they should have been. The first is too low, the second too high.

Value[] answers = [0.5, -0.2];
Value[] targets = [1, -1];

// To add up the errors as they are would be a mistake: −0.5 and 0.8 would partly cancel, as if two wrongs made half a
// right. Squares cannot cancel, and they count one large error for more than several small ones. The sum of the squared
// errors is our loss: 0 when everything is right, and larger the more is wrong.

double byHand = (0.5 - 1) * (0.5 - 1) + (-0.2 - -1) * (-0.2 - -1);
Console.WriteLine($"{byHand:F2}");                                    //> 0.89
Console.WriteLine($"{Loss.SumOfSquares(answers, targets).Data:F2}"); //> 0.89

// To train is to make the loss small by turning the dials. That is the whole plan, and from here on it is a matter of
// doing it properly.

// ── The smallest network ─────────────────────────────────────────────────────────────────────────────────────────────
//
// One weight w. The answer is w · x. For x = 2 it should be y = 6, so w ought to be 3. It starts at 1 and does not know.

Value w = new Value(1).Named("w");
double x = 2, y = 6;

// Forward: compute the loss.

Value loss = (w * x - y).Pow(2);
Console.WriteLine($"answer {w.Data * x}, loss {loss.Data}"); //> answer 2, loss 16

// Backward: compute the gradient. By hand first. The error is e = w·x − y = −4, and the loss is e². Nudge e, and e²
// moves 2e = −8 times as far. Nudge w, and e moves x = 2 times as far. Along a chain, multiply: −8 · 2 = −16.

loss.Backward();
Console.WriteLine(w); //> w = 1.0000 (grad -16.0000)

// Update: the gradient is negative, so the loss falls as w rises. Against the gradient, then. And how far? A fraction
// of it, which is called the learning rate; here 0.1.

double learningRate = 0.1;
w.Data -= learningRate * w.Grad;
Console.WriteLine($"{w.Data:F2}"); //> 2.60

// That was a training step. 1 − 0.1 · (−16) = 2.6, and 2.6 · 2 = 5.2 is a good deal closer to 6 than 2 was.
//
// Now three of them in a row, from the beginning. Mind the line that sets the gradient to zero: Backward() adds to what
// is there, and what is there belongs to the step before. Lesson 5 shows what happens without it.

w.Data = 1;
for (int step = 0; step < 3; step++)
{
    loss = (w * x - y).Pow(2);       // forward
    w.Grad = 0;                      // zero
    loss.Backward();                 // backward
    Console.WriteLine($"loss {loss.Data:G4}, w {w.Data:G3}, gradient {w.Grad:G3}");
    w.Data -= learningRate * w.Grad; // update
}
//> loss 16, w 1, gradient -16
//> loss 0.64, w 2.6, gradient -3.2
//> loss 0.0256, w 2.92, gradient -0.64

// Each loss is 1/25 of the one before. And the steps get smaller by themselves: the learning rate stays, but the
// gradient shrinks as the goal comes near.

// ── What the gradient promised ───────────────────────────────────────────────────────────────────────────────────────
//
// A gradient is a promise: "move w by this much, and the loss will change by the gradient times that". It can be held
// to its word. In the first step w moved by 1.6, and −16 · 1.6 = −25.6. What did the loss really do?

void PromisedAndReal(double rate)
{
    w.Data = 1;
    Value before = (w * x - y).Pow(2);
    w.Grad = 0;
    before.Backward();
    double move = -rate * w.Grad;
    double promised = w.Grad * move;
    w.Data += move;
    Value after = (w * x - y).Pow(2);
    double real = after.Data - before.Data;
    Console.WriteLine($"rate {rate,-6}  promised {promised,9:F4}   real {real,9:F4}   kept {real / promised,6:P1}");
}

PromisedAndReal(0.1);    //> rate 0.1     promised  -25.6000   real  -15.3600   kept 60.0 %

// More was promised than there was to lose: nobody can take 25.6 off a loss of 16. The promise is honest all the same.
// It says what a *nudge* would do, and 1.6 is no nudge. The slope changes on the way; at the goal it is 0. Take smaller
// steps and the promise is kept better and better:

PromisedAndReal(0.01);
PromisedAndReal(0.001);
PromisedAndReal(0.0001);
//> rate 0.01    promised   -2.5600   real   -2.4576   kept 96.0 %
//> rate 0.001   promised   -0.2560   real   -0.2550   kept 99.6 %
//> rate 0.0001  promised   -0.0256   real   -0.0256   kept 100.0 %

// This makes a useful instrument. Promise and deed nearly equal: you could take larger steps. Far apart: your steps are
// about as large as the landscape allows. The deed with the opposite sign of the promise: you have gone too far.
// The nudge command prints both at every step of a training run.

// ── How large a step? ────────────────────────────────────────────────────────────────────────────────────────────────
//
// For this loss the answer can be computed. The distance from w to the goal is w − 3. The gradient is 8 times that. So
// a step with learning rate r turns the distance into (1 − 8r) times itself. Watch the loss for some r:

void Descend(double rate)
{
    w.Data = 1;
    var losses = new List<string>();
    for (int step = 0; step < 6; step++)
    {
        loss = (w * x - y).Pow(2);
        losses.Add($"{loss.Data,7:F4}");
        w.Grad = 0;
        loss.Backward();
        w.Data -= rate * w.Grad;
    }
    Console.WriteLine($"rate {rate,-5}  loss {string.Join("  ", losses)}");
}

Descend(0.01);
Descend(0.1);
Descend(0.125);
Descend(0.2);
Descend(0.25);
Descend(0.26);
//> rate 0.01   loss 16.0000  13.5424  11.4623   9.7017   8.2115   6.9502
//> rate 0.1    loss 16.0000   0.6400   0.0256   0.0010   0.0000   0.0000
//> rate 0.125  loss 16.0000   0.0000   0.0000   0.0000   0.0000   0.0000
//> rate 0.2    loss 16.0000   5.7600   2.0736   0.7465   0.2687   0.0967
//> rate 0.25   loss 16.0000  16.0000  16.0000  16.0000  16.0000  16.0000
//> rate 0.26   loss 16.0000  18.6624  21.7678  25.3900  29.6149  34.5428

// 0.01   leaves 0.92 of the distance at each step: sure and slow.
// 0.1    leaves 0.2 of it: the run from above.
// 0.125  leaves nothing. 1 − 8 · 0.125 = 0, and one step lands exactly.
// 0.2    leaves −0.6: it overshoots, comes down on the other side of the valley, but nearer. Still good.
// 0.25   leaves −1: from one side to the other, w = 1, 5, 1, 5 … and a loss of 16 for ever.
// 0.26   leaves −1.08: each step is longer than the one before. This is called divergence.
//
// Three of them stand beside the run with 0.1, step by step, in `nudge lab rate-exact`, `rate-bounce` and
// `rate-diverge`; `nudge lab --watch` shows them in a page.
//
// Between "fine" and "never" lie 0.2 and 0.25. In a network nobody can compute the limit, since every direction has one
// of its own and they change as it learns. One tries: too small wastes time and does no harm; too large shows at once.
// A loss that jumps up and down or grows is the sign, and a smaller learning rate is the first thing to try.
//
// You have seen forward, backward and update, and one zero. Next they go round and round, in a real network.
//
//     dotnet run lessons/05-the-loop-and-its-pitfalls.cs
