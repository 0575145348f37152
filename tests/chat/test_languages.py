"""
The other languages are read by tables of words alone, and say what people mean by them.
"""

import pytest
from saying import said

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


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (language, *line.split(" | "))
        for language, lines in ALL.items()
        for line in lines.strip().splitlines()
    ],
)
def test_a_sentence_says(language: str, text: str, expected: str) -> None:
    """
    Each sentence gives the days, times and other wishes beside it, where the locale is known.
    """
    assert expected == said(text, locale=language)
