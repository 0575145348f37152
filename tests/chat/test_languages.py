"""
The other languages are read by tables of words alone, and say what people mean by them.
"""

import pytest
from saying import NOW, expectations, said, written

from calendo.chat.vocabulary import read

GERMAN = """
heute | 03-11
morgen | 03-12
übermorgen um 15 Uhr | 03-13 15:00
am Montag | 03-16
nächsten Montag | 03-16
nächste Woche | 03-16..03-22
nächste Woche Dienstag | 03-17
Dienstag nächster Woche | 03-17
übernächste Woche | 03-23..03-29
diese Woche | 03-11..03-15
am Wochenende | 03-14..03-15
Ende der Woche | 03-13..03-15
Anfang April | 04-01..04-07
Ende nächsten Monats | 04-24..04-30
in zwei Wochen | 03-25
in 14 Tagen | 03-25
heute in einer Woche | 03-18
am 15. | 03-15
am 15. April | 04-15
15.4. | 04-15
15.04.2026 um 9:30 Uhr | 04-15 09:30
am dritten April | 04-03
vom 2. bis 5. April | 04-02..04-05
zwischen dem 16. und dem 18. März | 03-16..03-18
Montag bis Mittwoch | 03-16..03-18
Dienstag oder Donnerstag | 03-12,03-17
Montagmorgen | 03-16 morning
Freitag Nachmittag | 03-13 afternoon
morgen früh | 03-12 morning
morgen Vormittag gegen 10 | 03-12 10:00
heute Abend um acht | 03-11 20:00
um halb vier | 03:30
Donnerstag um halb neun | 03-12 08:30
um Viertel nach drei | 03:15
um Viertel vor 5 | 04:45
um 14 Uhr 30 | 14:30
von 14 bis 16 Uhr am Freitag | 03-13 14:00-16:00
nach 15 Uhr | 15:00-
vor 12 Uhr | -12:00
ab Montag | 03-16
bis Freitag | 03-11..03-13
nach dem 20. März | 03-21..03-27
innerhalb von zwei Wochen | 03-11..03-25
nicht am Montag | not Mon
nächste Woche, aber nicht Montag | 03-17..03-22 not Mon
Montag kann ich nicht, lieber Dienstag | 03-17 not Mon
kein Freitag | not Fri
der erste Montag im April | 04-06
der letzte Freitag im Mai | 05-29
Ostermontag | 04-06
am 24. Dezember | 12-24
eine halbe Stunde am Dienstag | 03-17 30min
45 Minuten morgen Nachmittag | 03-12 afternoon 45min
Ich hätte gern nächsten Dienstag Nachmittag einen Termin | 03-17 afternoon
Mittwoch den 18. passt mir gut | 03-18
15 Uhr Londoner Zeit | 15:00
die zweite Option | pick 2
kommenden Montag | 03-16
Mo, 16. März | 03-16
in der Woche vom 23. März | 03-23..03-29
Mittwoch in einer Woche | 03-18
Freitag in zwei Wochen | 03-27
am ersten April | 04-01
im Mai | 05-01..05-31
Mitte Mai | 05-13..05-19
Ende Mai | 05-25..05-31
um 20.15 Uhr | 20:15
um 12 Uhr mittags | 12:00
fünf vor halb neun | 08:25
am Dienstag, den 17.03. | 03-17
die letzte Woche im April | 04-27..05-03
nächstes Jahr | 2027-01-01..2027-12-31
ab 17 Uhr | 17:00-
zwischen 9 und 11 Uhr | 09:00-11:00
morgen zwischen 9:30 und 11:00 | 03-12 09:30-11:00
bis Ende des Monats | 03-11..03-31
heute Nachmittag um 3 | 03-11 15:00
am 5. nächsten Monats | 04-05
dritter April | 04-03
der 3. April | 04-03
den 3. April 2026 | 04-03
Donnerstag nach Ostern | 04-09
am kommenden Wochenende | 03-14..03-15
nächstes Wochenende | 03-21..03-22
die ersten zwei Wochen im April | 03-30..04-12
innerhalb der nächsten 10 Tage | 03-12..03-21
die nächsten drei Tage | 03-12..03-14
den ganzen Montag | 03-16
Montags bis Mittwochs | 03-16..03-18
diesen Freitag | 03-13
in 2 Monaten | 05-11
in einem Monat | 04-11
Samstag der 4. April | 04-04
am Dienstagabend | 03-17 evening
am späten Nachmittag | afternoon
vormittags | morning
gegen Mittag | 12:00
irgendwann nächste Woche, am besten vormittags | 03-16..03-22 morning
übermorgen zwischen zwei und vier | 03-13 02:00-04:00
zwei Tage nach Ostern | 04-07
vor Ostern | 03-11..04-04
nach Ostern | 04-06..04-12
am 1. und 2. April | 04-01..04-02
1.-5. April | 04-01..04-05
vom 30.3. bis 2.4. | 03-30..04-02
15.03.26 | 03-15
KW 14 | 03-30..04-05
nächsten Mai | 05-01..05-31
14ten April | 04-14
Mo 16.3. | 03-16
Montag den 16. | 03-16
dieses Quartal | 03-11..03-31
drittes Quartal | 07-01..09-30
viertes Quartal 2027 | 2027-10-01..2027-12-31
Donnerstag der nächsten Woche | 03-19
Montag in der Früh | 03-16 morning
um 3 in der Früh | 03:00
3 Uhr am Nachmittag | 15:00
8 Uhr am Abend | 20:00
Viertel nach 3 am Nachmittag | 15:15
letzter Tag im Oktober | 10-31
dritter Tag im Oktober | 10-03
letzte Woche im September | 09-21..09-27
erster Mittwoch im Oktober | 10-07
diesen Sommer | 06-21..08-31
nächsten Sommer | 06-21..08-31
am Morgen des 15. April | 04-15 morning
die kommenden 3 Wochen | 03-12..04-01
9 bis 11 Uhr | 09:00-11:00
Donnerstag 9-11 Uhr | 03-12 09:00-11:00
15. April um 11:00 | 04-15 11:00
Ich bin am 15. wieder da | 03-15
Ich komme am Freitag um 9 zurück | 03-13 09:00
Ich bin nächsten Montag nicht da | not 03-16
Haben Sie am Donnerstag zwischen 10 und 12 Zeit? | 03-12 10:00-12:00
Geht es auch am 20. nachmittags? | 03-20 afternoon
Wie wäre es mit Dienstag? | 03-17
Können wir das auf Freitag verschieben? | 03-13
passt Ihnen der 17.? | 03-17
Donnerstag oder Freitag ab 16 Uhr | 03-12..03-13 16:00-
am Mittwoch, dem 18. März, um 10:30 Uhr | 03-18 10:30
ich kann erst ab dem 18. | 03-18
vormittags, aber nicht montags | morning not Mon
nicht vor 10 Uhr | 10:00-
spätestens am 20. März | 03-11..03-20
frühestens am 20. März | 03-20
am letzten Tag des Monats | 03-31
in genau einer Woche | 03-18
in drei Monaten | 06-11
Juni 2026 | 06-01..06-30
zu Weihnachten | 12-25
am 1. Mai | 05-01
2026-04-15 | 04-15
15/4/2026 | 04-15
Fr. 20.3. 14 Uhr | 03-20 14:00
um 14h | 14:00
zwölf Uhr dreißig | 12:30
übernächsten Freitag | 03-27
am ersten Montag des nächsten Monats | 04-06
drei Wochen ab morgen | 04-02
zwei Tage nach dem 15. April | 04-17
von Montag bis Mittwoch nächster Woche | 03-16..03-18
von 10 Uhr morgens bis 2 Uhr nachmittags | 10:00-14:00
heute Nacht | 03-11 evening
vom 14.10. - 15.10.2027 | 2027-10-14..2027-10-15
von Montag 7 Uhr bis Freitag 15 Uhr | 03-16..03-20 07:00
Ich gehe Dienstag Morgen | 03-17 morning
zum Mittagessen am Freitag | 03-13 12:00
"""

FRENCH = """
aujourd'hui | 03-11
demain | 03-12
après-demain à 15h | 03-13 15:00
lundi | 03-16
lundi prochain | 03-16
la semaine prochaine | 03-16..03-22
mardi de la semaine prochaine | 03-17
cette semaine | 03-11..03-15
ce week-end | 03-14..03-15
fin mars | 03-25..03-31
début avril | 04-01..04-07
à la fin du mois prochain | 04-24..04-30
dans deux semaines | 03-25
dans trois jours | 03-14
vendredi en huit | 03-20
le 15 | 03-15
le 15 avril | 04-15
le 1er avril | 04-01
15/04/2026 | 04-15
mercredi 18 mars à 14h30 | 03-18 14:30
du 2 au 5 avril | 04-02..04-05
entre le 16 et le 18 mars | 03-16..03-18
de lundi à mercredi | 03-16..03-18
mardi ou jeudi | 03-12,03-17
demain matin | 03-12 morning
vendredi après-midi | 03-13 afternoon
ce soir à 8h | 03-11 20:00
lundi soir | 03-16 evening
à midi | 12:00
à dix heures et demie | 10:30
à trois heures et quart | 03:15
à cinq heures moins le quart | 04:45
entre 14h et 16h vendredi | 03-13 14:00-16:00
après 15h | 15:00-
avant midi | -12:00
avant vendredi | 03-11..03-12
après le 20 mars | 03-21..03-27
à partir de lundi | 03-16
pas lundi | not Mon
la semaine prochaine sauf lundi | 03-17..03-22 not Mon
je ne peux pas lundi, plutôt mardi | 03-17 not Mon
le premier lundi d'avril | 04-06
le dernier vendredi de mai | 05-29
lundi de Pâques | 04-06
à Noël | 12-25
une demi-heure mardi | 03-17 30min
un appel de 45 minutes demain | 03-12 45min
Je voudrais un rendez-vous mardi prochain dans l'après-midi | 03-17 afternoon
la deuxième option | pick 2
autre chose ? | other
lundi 16 mars | 03-16
le lundi 16 mars 2026 à 9h | 03-16 09:00
la semaine du 23 mars | 03-23..03-29
mercredi en huit | 03-25
la semaine suivante | 03-16..03-22
dans une semaine | 03-18
dans 15 jours | 03-26
d'ici vendredi | 03-11..03-13
en mai | 05-01..05-31
mi-mai | 05-13..05-19
courant mai | 05-01..05-31
au début du mois de mai | 05-01..05-07
à la mi-avril | 04-12..04-18
le mois prochain | 04-01..04-30
l'année prochaine | 2027-01-01..2027-12-31
vers 10h | 10:00
à 10h du matin | 10:00
à 3h de l'après-midi | 15:00
à 8 heures du soir | 20:00
demain en fin d'après-midi | 03-12 afternoon
ce lundi | 03-16
les trois prochains jours | 03-12..03-14
les 2 prochaines semaines | 03-12..03-25
le premier avril | 04-01
le deuxième mardi de mai | 05-12
la dernière semaine de mars | 03-23..03-29
la première semaine de mai | 05-04..05-10
mardi matin à 9h30 | 03-17 09:30
mardi entre 9h et 11h | 03-17 09:00-11:00
de 14h à 16h demain | 03-12 14:00-16:00
à partir de 17h | 17:00-
jusqu'à vendredi | 03-11..03-13
avant le 20 mars | 03-11..03-19
le week-end prochain | 03-21..03-22
deux jours après Pâques | 04-07
la veille de Noël | 12-24
le 3 ou le 4 avril | 04-03..04-04
les 3 et 4 avril | 04-03..04-04
15/3 à 10h | 03-15 10:00
le 15.03.2026 | 03-15
aujourd'hui ou demain | 03-11..03-12
ni lundi ni mardi | not Mon not Tue
tous les jours sauf vendredi | not Fri
plutôt en soirée | evening
le matin de préférence | morning
une heure et demie | 90min
un quart d'heure | 15min
du lundi 6 au mercredi 15 avril | 04-06..04-15
vendredi treize à 16h | 03-13 16:00
Avr/2 | 04-02
"""

SPANISH = """
hoy | 03-11
mañana | 03-12
pasado mañana a las 15:00 | 03-13 15:00
el lunes | 03-16
el próximo lunes | 03-16
el lunes que viene | 03-16
la semana que viene | 03-16..03-22
la próxima semana | 03-16..03-22
esta semana | 03-11..03-15
este fin de semana | 03-14..03-15
a finales de marzo | 03-25..03-31
a principios de abril | 04-01..04-07
en dos semanas | 03-25
dentro de tres días | 03-14
el 15 | 03-15
el 15 de abril | 04-15
15/04/2026 | 04-15
miércoles 18 de marzo a las 14:30 | 03-18 14:30
del 2 al 5 de abril | 04-02..04-05
entre el 16 y el 18 de marzo | 03-16..03-18
de lunes a miércoles | 03-16..03-18
martes o jueves | 03-12,03-17
mañana por la mañana | 03-12 morning
el viernes por la tarde | 03-13 afternoon
esta noche a las 8 | 03-11 20:00
el lunes a las 3 de la tarde | 03-16 15:00
a las diez y media | 10:30
a las tres y cuarto de la tarde | 15:15
a las cinco menos cuarto | 04:45
al mediodía | 12:00
entre las 2 y las 4 de la tarde el viernes | 03-13 14:00-16:00
después de las 15:00 | 15:00-
antes del viernes | 03-11..03-12
después del 20 de marzo | 03-21..03-27
a partir del lunes | 03-16
el lunes no | not Mon
la próxima semana excepto el lunes | 03-17..03-22 not Mon
no puedo el lunes, mejor el martes | 03-17 not Mon
el primer lunes de abril | 04-06
el último viernes de mayo | 05-29
en mayo | 05-01..05-31
viernes santo | 04-03
media hora el martes | 03-17 30min
una llamada de 45 minutos mañana | 03-12 45min
Quisiera una cita el próximo martes por la tarde | 03-17 afternoon
la segunda opción | pick 2
algo más tarde | later
lunes 16 de marzo | 03-16
el lunes 16 de marzo de 2026 a las 9:00 | 03-16 09:00
la semana del 23 de marzo | 03-23..03-29
la semana siguiente | 03-16..03-22
en una semana | 03-18
dentro de 15 días | 03-26
para el viernes | 03-13
a mediados de mayo | 05-13..05-19
el mes que viene | 04-01..04-30
el próximo mes | 04-01..04-30
el año que viene | 2027-01-01..2027-12-31
a eso de las 10 | 10:00
a las 8 de la mañana | 08:00
a las 8 de la noche | 20:00
8 pm | 20:00
mañana a las 9:30 de la mañana | 03-12 09:30
los próximos tres días | 03-12..03-14
las próximas dos semanas | 03-12..03-25
el primero de abril | 04-01
el segundo martes de mayo | 05-12
la última semana de marzo | 03-23..03-29
la primera semana de mayo | 05-04..05-10
el martes por la mañana a las 9:30 | 03-17 09:30
el martes entre las 9 y las 11 | 03-17 09:00-11:00
mañana de 2 a 4 | 03-12 02:00-04:00
a partir de las 17:00 | 17:00-
hasta el viernes | 03-11..03-13
antes del 20 de marzo | 03-11..03-19
el próximo fin de semana | 03-21..03-22
dos días después de Pascua | 04-07
el 3 o el 4 de abril | 04-03..04-04
hoy o mañana | 03-11..03-12
ni lunes ni martes | not Mon not Tue
cualquier día menos el viernes | not Fri
de lunes a viernes | 03-16..03-20
una hora y media | 90min
un cuarto de hora | 15min
el 3 de abril a la una | 04-03 01:00
este martes | 03-17
el martes próximo | 03-17
pasado mañana por la tarde | 03-13 afternoon
a finales de mes | 03-25..03-31
a finales del próximo mes | 04-24..04-30
el último viernes del mes | 03-27
el miércoles por la tarde a las 5 | 03-18 17:00
el trece de abril | 04-13
13 a 15 de julio | 07-13..07-15
del 13 al 15 de julio | 07-13..07-15
8 de abril - 12 de abril | 04-08..04-12
el jueves de 9:30 a 11:00 | 03-12 09:30-11:00
a las tres de la tarde | 15:00
a las ocho y veinte de la noche | 20:20
a las seis menos diez | 05:50
a las 15 y 15 | 15:15
las 8 y cuarto de la noche | 20:15
en 7 días | 03-18
dentro de una semana | 03-18
nochevieja | 12-31
este mes | 03-11..03-31
los próximos 3 meses | 03-12..06-11
la mañana del 7 de abril | 04-07 morning
entre el lunes y el miércoles | 03-16..03-18
a las 9 el martes | 03-17 09:00
el martes por la noche a las 9 | 03-17 21:00
la semana del 6 de abril | 04-06..04-12
a mediados de abril | 04-12..04-18
el domingo que viene | 03-22
septiembre de 2026 | 09-01..09-30
el tercer trimestre | 07-01..09-30
el verano que viene | 06-21..08-31
el primer martes de octubre | 10-06
el último día de octubre | 10-31
la última semana de septiembre | 09-21..09-27
el viernes que viene por la tarde | 03-20 afternoon
¿Tiene hueco el jueves entre las 10 y las 12? | 03-12 10:00-12:00
¿Qué tal el 20 por la tarde? | 03-20 afternoon
no puedo hasta el 18 | 03-18
no antes de las 10 | 10:00-
a más tardar el viernes | 03-11..03-13
por las mañanas, pero no los lunes | morning not Mon
lunes y miércoles por la mañana | 03-16,03-18 morning
el 20 de marzo de 2026 a las 14h | 03-20 14:00
20/3 a las 5 pm | 03-20 17:00
hoy por la tarde | 03-11 afternoon
esta noche | 03-11 evening
en tres meses | 06-11
dos semanas después de Pascua | 04-19
el día después de Navidad | 12-26
el día 20 de este mes | 03-20
el 5 del próximo mes | 04-05
mejor el jueves en vez del viernes | 03-12 not Fri
a partir de mañana | 03-12
la segunda semana de abril | 04-06..04-12
de 10 de la mañana a 2 de la tarde | 10:00-14:00
Saldré el 26 de abril a las cinco y media de la tarde | 04-26 17:30
el próximo mes de mayo | 05-01..05-31
el lunes a primera hora | 03-16
2026/abr/23 | 04-23
las primeras dos semanas de 2027 | 2027-01-04..2027-01-17
el martes a la hora de comer | 03-17 12:00
"""

PORTUGUESE = """
hoje | 03-11
amanhã | 03-12
depois de amanhã às 15h | 03-13 15:00
segunda-feira | 03-16
na segunda | 03-16
próxima segunda-feira | 03-16
segunda que vem | 03-16
semana que vem | 03-16..03-22
na próxima semana | 03-16..03-22
esta semana | 03-11..03-15
neste fim de semana | 03-14..03-15
no final de março | 03-25..03-31
início de abril | 04-01..04-07
em duas semanas | 03-25
daqui a três dias | 03-14
dia 15 | 03-15
dia 15 de abril | 04-15
15/04/2026 | 04-15
quarta-feira, 18 de março às 14:30 | 03-18 14:30
de 2 a 5 de abril | 04-02..04-05
entre 16 e 18 de março | 03-16..03-18
de segunda a quarta | 03-16..03-18
terça ou quinta | 03-12,03-17
amanhã de manhã | 03-12 morning
sexta à tarde | 03-13 afternoon
hoje à noite às 8 | 03-11 20:00
segunda às 3 da tarde | 03-16 15:00
às dez e meia | 10:30
ao meio-dia | 12:00
entre 14h e 16h na sexta | 03-13 14:00-16:00
depois das 15h | 15:00-
antes de sexta | 03-11..03-12
depois do dia 20 de março | 03-21..03-27
a partir de segunda | 03-16
segunda não | not Mon
semana que vem, exceto segunda | 03-17..03-22 not Mon
não posso na segunda, melhor na terça | 03-17 not Mon
a primeira segunda-feira de abril | 04-06
a última sexta-feira de maio | 05-29
em maio | 05-01..05-31
sexta-feira santa | 04-03
meia hora na terça | 03-17 30min
uma chamada de 45 minutos amanhã | 03-12 45min
Gostaria de marcar uma reunião na próxima terça à tarde | 03-17 afternoon
a segunda opção | pick 2
segunda, 16 de março | 03-16
a semana de 23 de março | 03-23..03-29
em uma semana | 03-18
até sexta | 03-11..03-13
em meados de maio | 05-13..05-19
mês que vem | 04-01..04-30
no próximo mês | 04-01..04-30
ano que vem | 2027-01-01..2027-12-31
por volta das 10 | 10:00
às 8 da manhã | 08:00
às 8 da noite | 20:00
nos próximos três dias | 03-12..03-14
nas próximas duas semanas | 03-12..03-25
primeiro de abril | 04-01
a segunda terça-feira de maio | 05-12
a última semana de março | 03-23..03-29
a primeira semana de maio | 05-04..05-10
terça de manhã às 9:30 | 03-17 09:30
terça entre as 9 e as 11 | 03-17 09:00-11:00
amanhã das 14h às 16h | 03-12 14:00-16:00
a partir das 17h | 17:00-
antes de 20 de março | 03-11..03-19
no próximo fim de semana | 03-21..03-22
dois dias depois da Páscoa | 04-07
dia 3 ou dia 4 de abril | 04-03..04-04
hoje ou amanhã | 03-11..03-12
esta terça | 03-17
nesta sexta-feira | 03-13
essa semana | 03-11..03-15
amanhã à noite | 03-12 evening
domingo às oito da noite | 03-15 20:00
no final do mês | 03-25..03-31
no fim do próximo mês | 04-24..04-30
a última sexta-feira do mês | 03-27
qualquer dia menos sexta | not Fri flexible
uma hora e meia | 90min
sexta-feira dia 13 | 03-13
quinze de abril | 04-15
sexta na hora do almoço | 03-13 12:00
"""

ITALIAN = """
oggi | 03-11
domani | 03-12
dopodomani alle 15 | 03-13 15:00
lunedì | 03-16
lunedì prossimo | 03-16
la prossima settimana | 03-16..03-22
la settimana prossima | 03-16..03-22
martedì della prossima settimana | 03-17
questa settimana | 03-11..03-15
questo fine settimana | 03-14..03-15
a fine marzo | 03-25..03-31
inizio aprile | 04-01..04-07
tra due settimane | 03-25
fra tre giorni | 03-14
il 15 | 03-15
il 15 aprile | 04-15
il primo aprile | 04-01
15/04/2026 | 04-15
mercoledì 18 marzo alle 14:30 | 03-18 14:30
dal 2 al 5 aprile | 04-02..04-05
tra il 16 e il 18 marzo | 03-16..03-18
da lunedì a mercoledì | 03-16..03-18
martedì o giovedì | 03-12,03-17
domani mattina | 03-12 morning
venerdì pomeriggio | 03-13 afternoon
stasera alle 8 | 03-11 20:00
lunedì alle 3 del pomeriggio | 03-16 15:00
alle dieci e mezza | 10:30
alle tre e un quarto | 03:15
alle cinque meno un quarto | 04:45
a mezzogiorno | 12:00
dalle 14 alle 16 di venerdì | 03-13 14:00-16:00
dopo le 15 | 15:00-
prima di venerdì | 03-11..03-12
dopo il 20 marzo | 03-21..03-27
a partire da lunedì | 03-16
non lunedì | not Mon
la prossima settimana tranne lunedì | 03-17..03-22 not Mon
lunedì non posso, meglio martedì | 03-17 not Mon
il primo lunedì di aprile | 04-06
l'ultimo venerdì di maggio | 05-29
a maggio | 05-01..05-31
mezz'ora martedì | 03-17 30min
una chiamata di 45 minuti domani | 03-12 45min
Vorrei un appuntamento martedì prossimo nel pomeriggio | 03-17 afternoon
la seconda opzione | pick 2
lunedì 16 marzo | 03-16
la settimana del 23 marzo | 03-23..03-29
tra una settimana | 03-18
entro venerdì | 03-11..03-13
a metà maggio | 05-13..05-19
il mese prossimo | 04-01..04-30
l'anno prossimo | 2027-01-01..2027-12-31
verso le 10 | 10:00
alle 8 di mattina | 08:00
alle 8 di sera | 20:00
nei prossimi tre giorni | 03-12..03-14
nelle prossime due settimane | 03-12..03-25
il primo aprile | 04-01
il secondo martedì di maggio | 05-12
l'ultima settimana di marzo | 03-23..03-29
la prima settimana di maggio | 05-04..05-10
martedì mattina alle 9:30 | 03-17 09:30
martedì tra le 9 e le 11 | 03-17 09:00-11:00
domani dalle 14:00 alle 16:00 | 03-12 14:00-16:00
a partire dalle 17 | 17:00-
fino a venerdì | 03-11..03-13
prima del 20 marzo | 03-11..03-19
il prossimo weekend | 03-21..03-22
due giorni dopo Pasqua | 04-07
il 3 o il 4 aprile | 04-03..04-04
oggi o domani | 03-11..03-12
questo martedì | 03-17
questa sera | 03-11 evening
domani sera | 03-12 evening
domenica sera alle otto | 03-15 20:00
verso la fine del mese | 03-25..03-31
alla fine del mese prossimo | 04-24..04-30
l'ultimo venerdì del mese | 03-27
tutti i giorni tranne venerdì | not Fri
un'ora e mezza | 90min
un quarto d'ora | 15min
lunedì, martedì o venerdì | 03-13,03-16..03-17
le 15 di domani | 03-12 15:00
domani alle tre di pomeriggio | 03-12 15:00
domani a pranzo | 03-12 12:00
"""

DUTCH = """
vandaag | 03-11
morgen | 03-12
overmorgen om 15 uur | 03-13 15:00
maandag | 03-16
op maandag | 03-16
volgende maandag | 03-16
volgende week | 03-16..03-22
volgende week dinsdag | 03-17
dinsdag volgende week | 03-17
deze week | 03-11..03-15
dit weekend | 03-14..03-15
eind maart | 03-25..03-31
begin april | 04-01..04-07
over twee weken | 03-25
over drie dagen | 03-14
de 15e | 03-15
op 15 april | 04-15
15-04-2026 | 04-15
woensdag 18 maart om 14:30 | 03-18 14:30
van 2 tot 5 april | 04-02..04-05
tussen 16 en 18 maart | 03-16..03-18
maandag tot en met woensdag | 03-16..03-18
dinsdag of donderdag | 03-12,03-17
morgenochtend | 03-12 morning
vrijdagmiddag | 03-13 afternoon
vanavond om 8 uur | 03-11 20:00
maandag om 3 uur 's middags | 03-16 15:00
om half vier | 03:30
om kwart over drie | 03:15
om kwart voor vijf | 04:45
vrijdag tussen 14 en 16 uur | 03-13 14:00-16:00
na 15 uur | 15:00-
uiterlijk vrijdag | 03-11..03-13
na 20 maart | 03-21..03-27
vanaf maandag | 03-16
niet op maandag | not Mon
volgende week behalve maandag | 03-17..03-22 not Mon
maandag kan niet, liever dinsdag | 03-17 not Mon
de eerste maandag van april | 04-06
de laatste vrijdag van mei | 05-29
in mei | 05-01..05-31
tweede paasdag | 04-06
een half uur op dinsdag | 03-17 30min
een gesprek van 45 minuten morgen | 03-12 45min
Ik wil graag volgende dinsdag in de middag een afspraak | 03-17 afternoon
de tweede optie | pick 2
maandag 16 maart | 03-16
de week van 23 maart | 03-23..03-29
over een week | 03-18
vrijdag over twee weken | 03-27
half mei | 05-13..05-19
volgende maand | 04-01..04-30
volgend jaar | 2027-01-01..2027-12-31
rond 10 uur | 10:00
om 8 uur 's ochtends | 08:00
8 uur 's avonds | 20:00
de komende drie dagen | 03-12..03-14
de volgende twee weken | 03-12..03-25
1 april | 04-01
de tweede dinsdag van mei | 05-12
de laatste week van maart | 03-23..03-29
de eerste week van mei | 05-04..05-10
dinsdagochtend om half tien | 03-17 09:30
dinsdag tussen 9 en 11 uur | 03-17 09:00-11:00
morgen van 14.00 tot 16.00 uur | 03-12 14:00-16:00
vanaf 17 uur | 17:00-
tot vrijdag | 03-11..03-13
volgend weekend | 03-21..03-22
twee dagen na Pasen | 04-07
3 of 4 april | 04-03..04-04
vandaag of morgen | 03-11..03-12
deze dinsdag | 03-17
aanstaande vrijdag | 03-13
komende vrijdag | 03-13
morgenavond | 03-12 evening
zondagavond om acht uur | 03-15 20:00
eind van de maand | 03-25..03-31
aan het eind van volgende maand | 04-24..04-30
de laatste vrijdag van de maand | 03-27
elke dag behalve vrijdag | not Fri
anderhalf uur | 90min
een kwartier | 15min
binnen twee weken | 03-11..03-25
vijf voor half drie | 02:25
van maandag 9:00 tot woensdag 17:00 | 03-16..03-18 09:00
"""

JAPANESE = """
今日 | 03-11
明日 | 03-12
あさっての15時 | 03-13 15:00
月曜日 | 03-16
来週 | 03-16..03-22
来週の火曜日 | 03-17
来週火曜日の午後 | 03-17 afternoon
再来週 | 03-23..03-29
今週 | 03-11..03-15
今週末 | 03-14..03-15
週末 | 03-14..03-15
来月 | 04-01..04-30
3月末 | 03-25..03-31
4月初め | 04-01..04-07
二週間後 | 03-25
3日後 | 03-14
15日 | 03-15
4月15日 | 04-15
四月十五日 | 04-15
2026年4月15日 | 04-15
3月18日水曜日の14時30分 | 03-18 14:30
4月2日から5日まで | 04-02..04-05
月曜日から水曜日まで | 03-16..03-18
火曜か木曜 | 03-12,03-17
明日の朝 | 03-12 morning
金曜日の午後 | 03-13 afternoon
今夜8時 | 03-11 20:00
午後3時 | 15:00
午前10時半 | 10:30
正午 | 12:00
金曜日の14時から16時まで | 03-13 14:00-16:00
15時以降 | 15:00-
金曜日まで | 03-11..03-13
金曜日より前 | 03-11..03-12
3月20日以降 | 03-20
二週間以内 | 03-11..03-25
月曜日以外 | not Mon
月曜日はだめです。火曜日はどうですか | 03-17 not Mon
4月の第一月曜日 | 04-06
5月 | 05-01..05-31
クリスマス | 12-25
火曜日に30分間 | 03-17 30min
来週の火曜日の午後に会議をお願いします | 03-17 afternoon
明日午後2時に予約したいです | 03-12 14:00
3月16日(月) | 03-16
3月16日月曜日午前9時 | 03-16 09:00
3月23日の週 | 03-23..03-29
一週間後 | 03-18
金曜日までに | 03-11..03-13
5月中旬 | 05-13..05-19
5月上旬 | 05-01..05-07
5月下旬 | 05-25..05-31
来年 | 2027-01-01..2027-12-31
10時頃 | 10:00
朝8時 | 08:00
夜8時 | 20:00
今後三日間 | 03-12..03-14
これから2週間 | 03-12..03-25
4月1日 | 04-01
5月の第2火曜日 | 05-12
3月の最後の週 | 03-23..03-29
5月の最初の週 | 05-04..05-10
火曜日の午前9時30分 | 03-17 09:30
火曜日の9時から11時の間 | 03-17 09:00-11:00
明日の14時から16時 | 03-12 14:00-16:00
17時以降 | 17:00-
3月20日まで | 03-11..03-20
来週末 | 03-21..03-22
4月3日か4日 | 04-03..04-04
今日か明日 | 03-11..03-12
今週の金曜日 | 03-13
来週の金曜 | 03-20
明日の夜 | 03-12 evening
日曜の夜8時 | 03-15 20:00
今月末 | 03-25..03-31
来月末 | 04-24..04-30
今月の最後の金曜日 | 03-27
金曜日以外 | not Fri
1時間半 | 90min
15分 | 15min
再来週の月曜日の10時半 | 03-23 10:30
土日 | 03-14..03-15
火曜日と木曜日 | 03-12,03-17
10日後 | 03-21
来月の5日 | 04-05
水曜日の夕方 | 03-18 evening
月曜 | 03-16
来週月曜 | 03-16
今度の日曜日 | 03-15
次の金曜日 | 03-13
次の月曜日の朝 | 03-16 morning
4月15日の朝 | 04-15 morning
4月15日18時15分 | 04-15 18:15
4/15 | 04-15
2026/4/15 | 04-15
7月13日から15日 | 07-13..07-15
7月13日~15日 | 07-13..07-15
7月13日から7月15日まで | 07-13..07-15
木曜の9時半から11時まで | 03-12 09:30-11:00
第三四半期 | 07-01..09-30
今年の夏 | 06-21..08-31
10月の第1火曜日 | 10-06
10月の最終日 | 10-31
9月の最終週 | 09-21..09-27
明日の午前中 | 03-12 morning
明日の夕方5時 | 03-12 17:00
今日の午後 | 03-11 afternoon
来月の最初の月曜日 | 04-06
一ヶ月後 | 04-11
1ヶ月以内 | 03-11..04-11
3日以内 | 03-11..03-14
半年後 | 09-11
来週の水曜日か木曜日 | 03-18..03-19
月曜日と水曜日の午前 | 03-16,03-18 morning
18日はどうですか | 03-18
20日の午後は空いていますか | 03-20 afternoon
18日まで行けません | 03-18
10時より前はだめです | 10:00-
午前10時以降でお願いします | 10:00-
遅くとも金曜日まで | 03-11..03-13
月曜日から金曜日 | 03-16..03-20
金曜日の18:00 | 03-13 18:00
明後日の10時 | 03-13 10:00
五月五日 | 05-05
4月20日頃 | 04-20
来週中 | 03-16..03-22
今週中に | 03-11..03-15
今日中に | 03-11
14時~16時 | 14:00-16:00
午後2時から4時まで | 14:00-16:00
午前9時から午後1時 | 09:00-13:00
4月2日月曜日 | 04-02
クリスマスイブの夜 | 12-24 evening
火曜日ではなく木曜日 | 03-12 not Tue
今から二時間後 | 03-11 12:00
2時間後 | 03-11 12:00
30分後 | 03-11 10:30
その週の金曜日 | 03-13
2ヶ月経ってから | 05-11
"""

CHINESE = """
今天 | 03-11
明天 | 03-12
后天下午3点 | 03-13 15:00
周一 | 03-16
星期五 | 03-13
下周 | 03-16..03-22
下周二下午三点 | 03-17 15:00
下星期二 | 03-17
下下周 | 03-23..03-29
这周 | 03-11..03-15
周末 | 03-14..03-15
下个月 | 04-01..04-30
三月底 | 03-25..03-31
4月初 | 04-01..04-07
两周后 | 03-25
三天之内 | 03-11..03-14
15号 | 03-15
4月15日 | 04-15
四月十五号 | 04-15
2026年4月15日 | 04-15
3月18日星期三14:30 | 03-18 14:30
4月2日到5日 | 04-02..04-05
周一到周三 | 03-16..03-18
周二或者周四 | 03-12,03-17
明天早上 | 03-12 morning
周五下午 | 03-13 afternoon
今晚8点 | 03-11 20:00
上午十点半 | 10:30
下午三点一刻 | 15:15
中午 | 12:00
周五下午2点到4点 | 03-13 14:00-16:00
下午三点以后 | 15:00-
周五之前 | 03-11..03-12
3月20日之后 | 03-21..03-27
从周一开始 | 03-16
除了周一 | not Mon
周一不行,周二可以吗 | 03-17 not Mon
不要周五 | not Fri
五月 | 05-01..05-31
圣诞节 | 12-25
下週三 | 03-18
明天半小时 | 03-12 30min
我想约下周二下午的会议 | 03-17 afternoon
第二个 | pick 2
3月16日(周一) | 03-16
3月16日星期一上午9点 | 03-16 09:00
3月23日那周 | 03-23..03-29
一周后 | 03-18
一个星期后 | 03-18
五月中旬 | 05-13..05-19
五月上旬 | 05-01..05-07
五月底 | 05-25..05-31
明年 | 2027-01-01..2027-12-31
10点左右 | 10:00
早上8点 | 08:00
晚上8点 | 20:00
未来三天 | 03-12..03-14
接下来两周 | 03-12..03-25
4月1日 | 04-01
五月的第二个星期二 | 05-12
三月的最后一周 | 03-23..03-29
五月的第一周 | 05-04..05-10
周二上午9点30分 | 03-17 09:30
周二9点到11点之间 | 03-17 09:00-11:00
明天14点到16点 | 03-12 14:00-16:00
下午五点以后 | 17:00-
3月20日以前 | 03-11..03-19
下周末 | 03-21..03-22
4月3号或4号 | 04-03..04-04
今天或明天 | 03-11..03-12
本周五 | 03-13
这个星期五 | 03-13
下周五晚上 | 03-20 evening
周日晚上八点 | 03-15 20:00
这个月底 | 03-25..03-31
下个月底 | 04-24..04-30
这个月最后一个星期五 | 03-27
除了周五都可以 | not Fri flexible
一个半小时 | 90min
15分钟 | 15min
两点半 | 02:30
下午两点三刻 | 14:45
五号到八号 | 04-05..04-08
下个月五号 | 04-05
星期三傍晚 | 03-18 evening
后天早上十点 | 03-13 10:00
周三或周四下午 | 03-12,03-18 afternoon
星期一 | 03-16
下个星期一 | 03-16
下礼拜一早上 | 03-16 morning
4月15号早上 | 04-15 morning
4月15号18点15分 | 04-15 18:15
4/15 | 04-15
7月13号到15号 | 07-13..07-15
七月十三到十五号 | 07-13..07-15
周四9:30到11:00 | 03-12 09:30-11:00
第三季度 | 07-01..09-30
今年夏天 | 06-21..08-31
十月的第一个星期二 | 10-06
十月的最后一天 | 10-31
九月最后一周 | 09-21..09-27
明天上午 | 03-12 morning
明天下午五点 | 03-12 17:00
今天下午 | 03-11 afternoon
下个月的第一个星期一 | 04-06
一个月后 | 04-11
一个月内 | 03-11..04-11
三天内 | 03-11..03-14
半年后 | 09-11
下周三或周四 | 03-18..03-19
周一和周三上午 | 03-16,03-18 morning
18号怎么样 | 03-18
20号下午有空吗 | 03-20 afternoon
不早于10点 | 10:00-
上午10点以后 | 10:00-
最晚周五 | 03-11..03-13
周一至周五 | 03-16..03-20
周五18:00 | 03-13 18:00
五月五日 | 05-05
本周内 | 03-11..03-15
2小时后 | 03-11 12:00
两个小时以后 | 03-11 12:00
半小时后 | 03-11 10:30
周四而不是周二 | 03-12 not Tue
明年三月 | 2027-03-01..2027-03-31
今年五月 | 05-01..05-31
明年1月5日 | 2027-01-05
这个周末 | 03-14..03-15
下个周末 | 03-21..03-22
大后天 | 03-14
后天晚上八点半 | 03-13 20:30
下午2点到4点 | 14:00-16:00
中午12点 | 12:00
晚上七点一刻 | 19:15
下周的周三 | 03-18
周三下午 | 03-18 afternoon
十二点半 | 12:30
3月的第三周 | 03-16..03-22
月底 | 03-25..03-31
下月初 | 04-01..04-07
4月2日 10点到12点 | 04-02 10:00-12:00
"""

ALL = {
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "pt": PORTUGUESE,
    "it": ITALIAN,
    "nl": DUTCH,
    "ja": JAPANESE,
    "zh": CHINESE,
}


@pytest.mark.parametrize("language", ALL)
def test_sentences_say_what_people_mean(language: str) -> None:
    """
    Each sentence gives the days, times and other wishes beside it, where the locale is known.
    """
    expected = expectations(ALL[language])

    assert expected == {text: said(text, locale=language) for text in expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("later?", "en later"),
        ("Earlier, please", "en earlier"),
        ("später?", "de later"),
        ("geht's auch später?", "de later"),
        ("plus tard ?", "fr later"),
        ("¿más tarde?", "es later"),
        ("mais tarde?", "pt later"),
        ("più tardi?", "it later"),
        ("later this week", "en 03-11..03-15"),
        ("two days later", "en 03-13"),
        ("see you later", "en"),
        ("et après-demain ?", "fr 03-13"),
        ("demain et après-demain", "fr 03-12..03-13"),
    ],
)
def test_a_few_words_are_understood_without_a_locale(text: str, expected: str) -> None:
    """
    "Later", alone, moves on from what was offered; beside a day or a number it does not.
    """
    understood = read(text, NOW)

    assert expected == f"{understood.language} {written(understood)}".strip()
